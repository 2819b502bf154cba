internal import CKernels

extension Kernels {
    /// output [rows, outputs] = input [rows, inputs] · weights + initial; `initial` is [rows, outputs], or [1, outputs] for
    /// all rows.
    public func dense(
        _ input: borrowing Matrix, _ weights: PackedMatrix, initial: borrowing Matrix,
        into output: inout Matrix
    ) {
        precondition(input.columns == weights.inputs, "input does not fit the weights")
        precondition(
            initial.columns == weights.outputs && (initial.rows == 1 || initial.rows == input.rows),
            "initial is not [rows, outputs]")
        output.resize(rows: input.rows, columns: weights.outputs)
        let start = unsafe kernel_rows(values: initial.base, stride: initial.rows == 1 ? 0 : initial.stride)
        unsafe table.pointee.dense(
            input.rows, weights.outputs, weights.inputs, input.constantRows, weights.rows, start,
            output.mutableRows)
    }
}

extension Kernels {
    /// target row i = factors[row, i] · source row i + offset, one factor a row of source.
    public func scaleRows(
        _ source: borrowing Matrix, by factors: borrowing Matrix, row: Int, offset: PackedVector,
        ones: PackedVector, into target: inout Matrix
    ) {
        precondition(
            row >= 0 && row < factors.rows && factors.columns == source.rows, "one factor a row of source")
        precondition(offset.count == source.columns && ones.count >= source.columns, "one offset a channel")
        target.resize(rows: source.rows, columns: source.columns)
        unsafe training.scale_rows(
            source.rows, source.columns, factors.base + row * factors.stride, source.constantRows,
            target.mutableRows)
        unsafe training.affine(
            source.rows, source.columns, ones.values, offset.values, target.constantRows, target.mutableRows)
    }
}

extension Kernels {
    /// states [T, H] of a GRU over a sequence, from an initial state [1, H].
    public func gru(
        _ weights: RecurrentWeights, _ inputs: borrowing Projections, after initial: borrowing Matrix,
        into states: inout Matrix
    ) {
        gru(weights, inputs, into: &states)
    }

    /// Rows that go through all steps of an attention GRU together.
    public static var candidateRows: Int { Int(KERNEL_CANDIDATE_ROWS) }
}
