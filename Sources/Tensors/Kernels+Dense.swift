internal import CKernels

extension Kernels {
    /// output [rows, outputs] = input [rows, inputs] · weights + bias.
    public func dense(
        _ input: borrowing Matrix, _ weights: PackedMatrix, bias: PackedVector, into output: inout Matrix
    ) {
        precondition(input.columns == weights.inputs, "input does not fit the weights")
        precondition(bias.count == weights.outputs, "bias does not fit the weights")
        precondition(
            output.rows == input.rows && output.columns == weights.outputs, "output is not [rows, outputs]")
        unsafe table.pointee.dense(
            input.rows, weights.outputs, weights.inputs, input.constantRows, weights.rows, bias.repeated,
            output.mutableRows)
    }

    /// output [rows, columns] += input [rows, inner] · weights [inner, columns].
    public func accumulate(
        _ input: borrowing Matrix, _ weights: borrowing Matrix, into output: inout Matrix
    ) {
        precondition(input.columns == weights.rows, "input does not fit the weights")
        precondition(
            output.rows == input.rows && output.columns == weights.columns, "output is not [rows, columns]")
        unsafe table.pointee.dense(
            input.rows, weights.columns, weights.rows, input.constantRows, weights.constantRows,
            output.constantRows, output.mutableRows)
    }
}
