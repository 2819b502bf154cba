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
    /// target[rows, columns from `column`] = source[rows] ∘ factors, of which there is one row [1, columns].
    public func multiply(
        _ source: borrowing Matrix, rows: Range<Int>, by factors: borrowing Matrix,
        into target: inout Matrix, column: Int
    ) {
        precondition(factors.rows == 1 && factors.columns == source.columns, "one factor a column")
        precondition(rows.lowerBound >= 0 && rows.upperBound <= source.rows, "outside the matrix")
        let part = unsafe target.part(
            row: rows.lowerBound, column: column, rows: rows.count, columns: source.columns)
        unsafe training.multiply(
            rows.count, source.columns, source.constantRows(from: rows.lowerBound),
            kernel_rows(values: factors.base, stride: 0), part)
    }

    /// target[rows] += one row of source, to each of them.
    public func add(
        _ source: borrowing Matrix, row: Int, toEach rows: Range<Int>, of target: inout Matrix
    ) {
        precondition(source.columns == target.columns, "rows of one width")
        precondition(row >= 0 && row < source.rows, "outside the matrix")
        let part = unsafe target.part(
            row: rows.lowerBound, column: 0, rows: rows.count, columns: target.columns)
        let addend = unsafe kernel_rows(values: source.constantRows(from: row).values, stride: 0)
        unsafe training.add(rows.count, target.columns, addend, part)
    }

    /// sums [1, columns] += some rows of source, one after the other.
    public func addColumnSums(of source: borrowing Matrix, rows: Range<Int>, into sums: inout Matrix) {
        precondition(sums.rows == 1 && sums.columns == source.columns, "one sum a column")
        precondition(rows.lowerBound >= 0 && rows.upperBound <= source.rows, "outside the matrix")
        unsafe training.column_sums(
            rows.count, source.columns, source.constantRows(from: rows.lowerBound), sums.base)
    }

    /// Rows that go through all steps of an attention GRU together.
    public static var candidateRows: Int { Int(KERNEL_CANDIDATE_ROWS) }
}
