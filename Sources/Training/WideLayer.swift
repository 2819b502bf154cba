internal import Tensors

/// The wide half of a wide and deep model: a linear layer on [e, s, e ∘ s], added to the two logits. It takes e and s from
/// the head's inputs [B, headInputSize], where they are side by side.
final class WideLayer {
    private let dense: DenseLayer
    private let input: HeadInputLayer
    private let worker: Worker
    private let start: Int
    private var targets: Matrix
    private var sums: Matrix

    /// `start` is the column of e, `width` that of e and of s.
    init(
        _ parameters: Parameters, _ worker: Worker, start: Int, width: Int
    ) throws(TrainingError) {
        dense = try DenseLayer(parameters, worker, "wide", inputs: 3 * width, outputs: 2)
        input = HeadInputLayer(hasProduct: true, worker)
        self.worker = worker
        self.start = start
        targets = Matrix(rows: 0, columns: width)
        sums = Matrix(rows: 0, columns: width)
    }

    func add(to logits: inout Matrix, inputs: borrowing Matrix) {
        let width = targets.columns
        targets.resize(rows: inputs.rows, columns: width)
        sums.resize(rows: inputs.rows, columns: width)
        worker.kernels.copyPart(of: inputs, column: start, into: &targets)
        worker.kernels.copyPart(of: inputs, column: start + width, into: &sums)
        let nothing = Matrix(rows: inputs.rows, columns: 0)
        input.forward(user: nothing, targets: targets, sums: sums, interests: nothing)
        dense.forward(input.output)
        worker.kernels.add(dense.output, into: &logits)
    }

    /// Gradient of the logits; adds to that of the head's inputs.
    func backward(_ logits: borrowing Matrix, toInputs: inout Matrix) {
        dense.backward(logits, input: input.output)
        input.backward(dense.toInput, user: 0, targets: targets, sums: sums)
        worker.kernels.add(input.toTargets, into: &toInputs, column: start)
        worker.kernels.add(input.toSums, into: &toInputs, column: start + targets.columns)
    }
}
