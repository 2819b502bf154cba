internal import Tensors

/// The wide half of a wide and deep model: a linear layer on target e, history sum s and e ∘ s, added to the logits.
///
/// As in the head, its two logits are folded into their difference.
struct WidePart: Sendable {
    private let userPart: Dense  // s → [1]
    private let candidatePart: PackedMatrix  // [e, e ∘ s] → [1]
    private let input = HeadInput(hasProduct: true)

    init(_ parameters: inout ModelParameters, _ configuration: ModelConfiguration) throws(ModelError) {
        let width = configuration.itemSize
        let weight = try parameters.matrix("wide.weight", outputs: 2, inputs: 3 * width)
        let bias = try parameters.vector("wide.bias", count: 2)
        let difference = weight.outputs(0..<1) - weight.outputs(1..<2)
        userPart = Dense(difference.inputs(width..<2 * width), bias: [bias[0] - bias[1]])
        candidatePart =
            difference.inputs(0..<width).beside(difference.inputs(2 * width..<3 * width)).packed
    }

    /// Adds to `workspace.logits` [N, 1], of the workspace's targets and a history's sum [1, D].
    func add(_ sum: borrowing Matrix, _ kernels: Kernels, _ workspace: inout Workspace) {
        workspace.interest.resize(rows: workspace.targets.rows, columns: 0)
        input.assemble(
            targets: workspace.targets, sum: sum, interests: workspace.interest, kernels,
            into: &workspace.wideInput)
        userPart(sum, kernels, into: &workspace.userPart)
        kernels.dense(
            workspace.wideInput, candidatePart, initial: workspace.userPart, into: &workspace.wide)
        kernels.add(workspace.wide, into: &workspace.logits)
    }
}
