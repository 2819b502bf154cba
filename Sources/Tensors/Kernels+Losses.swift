internal import CKernels

extension Kernels {
    /// scores [1, rows]: <x_i, weights> + bias, of inputs [rows, columns] and weights [1, columns].
    public func scores(
        _ inputs: borrowing Matrix, weights: borrowing Matrix, bias: Float, into scores: inout Matrix
    ) {
        precondition(weights.isVector(of: inputs.columns), "one weight a column")
        scores.resize(rows: 1, columns: inputs.rows)
        unsafe training.scores(
            inputs.rows, inputs.columns, inputs.constantRows, weights.base, bias, scores.base)
    }

    /// The way back of scores whose inputs are the outputs of a sigmoid. In place, those inputs become the gradient of
    /// what the sigmoid was taken of; weightGradient [1, columns] += Σ ds_i x_i. The gradient ds is [1, rows].
    public func scoresBackward(
        _ gradient: borrowing Matrix, weights: borrowing Matrix, values: inout Matrix,
        weightGradient: inout Matrix
    ) {
        precondition(gradient.isVector(of: values.rows), "one gradient a row")
        precondition(weights.isVector(of: values.columns), "one weight a column")
        precondition(weightGradient.isVector(of: values.columns), "one gradient a weight")
        unsafe training.scores_backward(
            values.rows, values.columns, gradient.base, weights.base, values.mutableRows, weightGradient.base)
    }

    /// The summed cross entropy log(1 + e^l) - label · l of logits [1, n] in a range; in place they become its gradient
    /// times `factor`.
    public func crossEntropy(
        _ logits: inout Matrix, _ range: Range<Int>, label: Float, factor: Float
    ) -> Double {
        precondition(
            logits.rows == 1 && range.lowerBound >= 0 && range.upperBound <= logits.columns, "n logits")
        return unsafe training.cross_entropy(range.count, label, factor, logits.base + range.lowerBound)
    }

    /// vectors[rows, columns from `column`] = the table's rows; precondition: the table has them.
    public func gather(
        _ rows: [Int], of table: borrowing Matrix, into vectors: inout Matrix, column: Int
    ) {
        precondition(rows.allSatisfy { $0 >= 0 && $0 < table.rows }, "outside the table")
        let part = unsafe vectors.part(row: 0, column: column, rows: rows.count, columns: table.columns)
        unsafe training.gather(rows.count, table.columns, rows, table.constantRows, part)
    }
}
