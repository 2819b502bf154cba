internal import CKernels

extension Kernels {
    /// output [rows, columns] = input [rows, inner] · weights [inner, columns] + bias [1, columns].
    public func dense(
        _ input: borrowing Matrix, _ weights: borrowing Matrix, bias: borrowing Matrix,
        into output: inout Matrix
    ) {
        precondition(input.columns == weights.rows, "input does not fit the weights")
        precondition(bias.rows == 1 && bias.columns == weights.columns, "bias does not fit the weights")
        precondition(
            output.rows == input.rows && output.columns == weights.columns, "output is not [rows, columns]")
        unsafe table.pointee.dense(
            input.rows, weights.columns, weights.rows, input.constantRows, weights.constantRows,
            kernel_rows(values: bias.base, stride: 0), output.mutableRows)
    }

    /// output [rows, columns] += transpose(input [inner, rows]) · gradient [inner, columns].
    public func accumulateTransposed(
        _ input: borrowing Matrix, _ gradient: borrowing Matrix, into output: inout Matrix
    ) {
        precondition(input.rows == gradient.rows, "one gradient an input")
        precondition(
            output.rows == input.columns && output.columns == gradient.columns,
            "output is not [inputs, outputs]")
        unsafe table.pointee.accumulate_transposed(
            output.rows, output.columns, input.rows, input.constantRows, gradient.constantRows,
            output.mutableRows)
    }
}
