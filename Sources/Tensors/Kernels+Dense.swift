internal import CKernels

extension Kernels {
    /// output [rows, outputs] = input [rows, inputs] · weights + bias, in the precision of the weights.
    public func dense(
        _ input: borrowing Matrix, _ weights: PackedMatrix, bias: PackedVector, into output: inout Matrix
    ) {
        precondition(input.columns == weights.inputs, "input does not fit the weights")
        precondition(bias.count == weights.outputs, "bias does not fit the weights")
        precondition(
            output.rows == input.rows && output.columns == weights.outputs, "output is not [rows, outputs]")
        let product =
            unsafe weights.precision == .bf16 ? table.pointee.dense_pairs : table.pointee.dense
        unsafe product(
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
