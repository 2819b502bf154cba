internal import Tensors

/// The head: an affine normalisation, hidden layers with Dice or PReLU, and two logits of which class 0 is the click.
///
/// The normalisation is folded into the first layer, and the two logits into their difference z0 - z1, whose sigmoid is
/// the click's share of their softmax. Of the first layer the user's part is computed once for all candidates and the
/// target's once for all users; what remains starts from their sum.
struct Head: Sendable {
    private let input: HeadInput
    private let userPart: Dense  // [profile, context, s] → first layer
    private let targetPart: Dense  // e → first layer
    private let candidatePart: PackedMatrix  // [e ∘ s, interest] → first layer
    private let firstActivation: HeadActivation
    private let hidden: [(layer: Dense, activation: HeadActivation)]
    private let logit: Dense

    init(_ parameters: inout ModelParameters, _ configuration: ModelConfiguration) throws(ModelError) {
        input = HeadInput(
            hasTarget: false, hasProduct: configuration.architecture.hasProduct, hasInterest: true)
        let inputs = configuration.headInputSize
        let sizes = configuration.headHidden
        let gamma = try parameters.vector("head.norm.gamma", count: inputs)
        let beta = try parameters.vector("head.norm.beta", count: inputs)
        var first = try parameters.matrix("head.0.weight", outputs: sizes[0], inputs: inputs)
        var bias = try parameters.vector("head.0.bias", count: sizes[0])
        Self.fold(gamma, beta, into: &first, &bias)
        // The weights take profile, context, e, s, e ∘ s and the interest, in this order.
        let user = (configuration.profile.count + configuration.context.count) * configuration.embeddingSize
        let sum = user + configuration.itemSize
        userPart = Dense(
            first.inputs(0..<user).beside(first.inputs(sum..<sum + configuration.itemSize)), bias: bias)
        targetPart = Dense(first.inputs(user..<sum))
        candidatePart = first.inputs(sum + configuration.itemSize..<inputs).packed
        firstActivation = try HeadActivation(
            &parameters, prefix: "head.activation0", channels: sizes[0], configuration)
        var hidden: [(layer: Dense, activation: HeadActivation)] = []
        for (index, outputs) in sizes.enumerated().dropFirst() {
            let weight = try parameters.matrix(
                "head.\(index).weight", outputs: outputs, inputs: sizes[index - 1])
            let bias = try parameters.vector("head.\(index).bias", count: outputs)
            let activation = try HeadActivation(
                &parameters, prefix: "head.activation\(index)", channels: outputs, configuration)
            hidden.append((Dense(weight, bias: bias), activation))
        }
        self.hidden = hidden
        let weight = try parameters.matrix(
            "head.\(sizes.count).weight", outputs: 2, inputs: sizes[sizes.count - 1])
        let last = try parameters.vector("head.\(sizes.count).bias", count: 2)
        logit = Dense(weight.outputs(0..<1) - weight.outputs(1..<2), bias: [last[0] - last[1]])
    }

    /// Targets [N, D] → their part of the first layer.
    func project(targets: borrowing Matrix, _ kernels: Kernels, into headParts: inout Matrix) {
        targetPart(targets, kernels, into: &headParts)
    }

    /// Of the workspace's candidates and interests, and what the users of a block bring → `workspace.logits` [B, 1],
    /// z0 - z1. The candidates' head parts are used up.
    func logits(
        _ parts: [BlockPart], _ embeddings: Embeddings, _ kernels: Kernels, _ workspace: inout Workspace
    ) {
        input.assembleUsers(parts, embeddings, kernels, &workspace)
        userPart(workspace.userInput, kernels, into: &workspace.userPart)
        input.assemble(parts, kernels, &workspace)
        HeadInput.addUsers(parts, workspace.userPart, kernels, into: &workspace.candidates.headParts)
        kernels.dense(
            workspace.candidateInput, candidatePart, initial: workspace.candidates.headParts,
            into: &workspace.activations)
        firstActivation.apply(to: &workspace.activations, kernels)
        for (layer, activation) in hidden {
            layer(workspace.activations, kernels, into: &workspace.nextActivations)
            activation.apply(to: &workspace.nextActivations, kernels)
            swap(&workspace.activations, &workspace.nextActivations)
        }
        logit(workspace.activations, kernels, into: &workspace.logits)
        // Each of the two holds the same layers in every block, so that both have grown after one.
        if hidden.count % 2 == 1 { swap(&workspace.activations, &workspace.nextActivations) }
    }

    /// W (gamma x / √(1 + 1e-3) + beta) + b: the batch normalisation of the authors' program, whose moments stay 0 and 1.
    private static func fold(
        _ gamma: [Float], _ beta: [Float], into weight: inout WeightMatrix, _ bias: inout [Float]
    ) {
        let scale = 1 / (1.0 + 1e-3).squareRoot()
        for output in 0..<weight.outputs {
            var shift = 0.0
            for input in 0..<weight.inputs {
                let index = output * weight.inputs + input
                shift += Double(weight.values[index]) * Double(beta[input])
                weight.values[index] = Float(Double(weight.values[index]) * Double(gamma[input]) * scale)
            }
            bias[output] = Float(Double(bias[output]) + shift)
        }
    }
}
