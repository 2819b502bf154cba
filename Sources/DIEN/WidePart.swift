internal import Tensors

/// The wide half of a wide and deep model: a linear layer on target e, history sum s and e ∘ s, added to the logits.
///
/// As in the head, its two logits are folded into their difference.
struct WidePart: Sendable {
    private let userPart: Dense  // s → [1]
    private let candidatePart: PackedMatrix  // [e, e ∘ s] → [1]
    private let input = HeadInput(hasTarget: true, hasProduct: true, hasInterest: false)

    init(_ parameters: inout ModelParameters, _ configuration: ModelConfiguration) throws(ModelError) {
        let width = configuration.itemSize
        let weight = try parameters.matrix("wide.weight", outputs: 2, inputs: 3 * width)
        let bias = try parameters.vector("wide.bias", count: 2)
        let difference = weight.outputs(0..<1) - weight.outputs(1..<2)
        userPart = Dense(difference.inputs(width..<2 * width), bias: [bias[0] - bias[1]])
        candidatePart =
            difference.inputs(0..<width).beside(difference.inputs(2 * width..<3 * width)).packed
    }

    /// Its part of the logits, `workspace.wide` [B, 1], of the workspace's targets and the history sums of a block's users.
    func forward(_ parts: [BlockPart], _ kernels: Kernels, _ workspace: inout Workspace) {
        workspace.sums.resize(rows: parts.count, columns: workspace.candidates.targets.columns)
        for (u, part) in parts.enumerated() { kernels.copy(part.user.sum, into: &workspace.sums, row: u) }
        userPart(workspace.sums, kernels, into: &workspace.userPart)
        input.assemble(parts, kernels, &workspace)
        workspace.initial.clear(rows: workspace.candidateInput.rows, columns: 1)
        HeadInput.addUsers(parts, workspace.userPart, kernels, into: &workspace.initial)
        kernels.dense(
            workspace.candidateInput, candidatePart, initial: workspace.initial, into: &workspace.wide)
    }
}
