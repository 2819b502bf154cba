internal import Tensors

/// The head: an affine normalisation, hidden layers with Dice or PReLU, and two logits of which class 0 is the click.
///
/// The normalisation is folded into the first layer, and the two logits into their difference z0 - z1, whose sigmoid is
/// the click's share of their softmax.
struct Head: Sendable {
    private let hidden: [(layer: Dense, activation: HeadActivation)]
    private let logit: Dense

    init(_ parameters: inout ModelParameters, _ configuration: ModelConfiguration) throws(ModelError) {
        var inputs = configuration.headInputSize
        let gamma = try parameters.vector("head.norm.gamma", count: inputs)
        let beta = try parameters.vector("head.norm.beta", count: inputs)
        var hidden: [(layer: Dense, activation: HeadActivation)] = []
        for (index, outputs) in configuration.headHidden.enumerated() {
            var weight = try parameters.matrix("head.\(index).weight", outputs: outputs, inputs: inputs)
            var bias = try parameters.vector("head.\(index).bias", count: outputs)
            if index == 0 { Self.fold(gamma, beta, into: &weight, &bias) }
            let activation = try HeadActivation(
                &parameters, prefix: "head.activation\(index)", channels: outputs, configuration)
            hidden.append((Dense(weight, bias: bias), activation))
            inputs = outputs
        }
        self.hidden = hidden
        let last = configuration.headHidden.count
        let weight = try parameters.matrix("head.\(last).weight", outputs: 2, inputs: inputs)
        let bias = try parameters.vector("head.\(last).bias", count: 2)
        logit = Dense(weight.outputs(0..<1) - weight.outputs(1..<2), bias: [bias[0] - bias[1]])
    }

    /// Inputs [N, headInputSize] → logits z0 - z1 [N, 1].
    func logits(_ inputs: borrowing Matrix, _ kernels: Kernels) -> Matrix {
        var activations = hidden[0].layer(inputs, kernels)
        hidden[0].activation.apply(to: &activations, kernels)
        for (layer, activation) in hidden.dropFirst() {
            activations = layer(activations, kernels)
            activation.apply(to: &activations, kernels)
        }
        return logit(activations, kernels)
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
