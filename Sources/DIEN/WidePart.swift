internal import Tensors

/// The wide half of a wide and deep model: a linear layer on target e, history sum s and e ∘ s, added to the logits.
///
/// As in the head, its two logits are folded into their difference.
struct WidePart: Sendable {
    private let logit: Dense  // [3D] → [1]
    private let input = HeadInput(hasProduct: true)

    init(_ parameters: inout ModelParameters, _ configuration: ModelConfiguration) throws(ModelError) {
        let weight = try parameters.matrix("wide.weight", outputs: 2, inputs: 3 * configuration.itemSize)
        let bias = try parameters.vector("wide.bias", count: 2)
        logit = Dense(weight.outputs(0..<1) - weight.outputs(1..<2), bias: [bias[0] - bias[1]])
    }

    /// Targets [N, D] and behaviours [T, D]; logits are [N, 1].
    func add(
        to logits: inout Matrix, targets: borrowing Matrix, behaviours: borrowing Matrix, _ kernels: Kernels
    ) {
        let none = Matrix(rows: 0, columns: 0)
        let inputs = input.assemble(
            profile: none, context: none, targets: targets, behaviours: behaviours,
            interests: Matrix(rows: targets.rows, columns: 0))
        let wide = logit(inputs, kernels)
        for n in 0..<logits.rows { logits[n, 0] += wide[n, 0] }
    }
}
