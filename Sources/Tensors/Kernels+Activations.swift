internal import CKernels

/// What GRUs and the attention network are scaled by, weights, biases and inputs, so that no step does it: their kernels take
/// powers of 2 of what is added up.
public enum ActivationScale {
    /// Of what a sigmoid is of, -log2 e: sigmoid(x) = 1 / (1 + 2^(scale x)).
    public static var sigmoid: Float { kernel_sigmoid_scale }
    /// Of what a tanh is of, -2 log2 e: tanh(x) = (1 - 2^(scale x)) / (1 + 2^(scale x)).
    public static var tanh: Float { kernel_tanh_scale }
}

extension Kernels {
    /// 1 / (1 + e^-x) of every element; within 4 ulp or 2e-7 absolute.
    public func sigmoid(_ values: inout Matrix) {
        unsafe table.pointee.sigmoid(values.rows, values.columns, values.mutableRows)
    }

    /// tanh of every element; within 4 ulp or 2e-7 absolute.
    public func tanh(_ values: inout Matrix) {
        unsafe table.pointee.tanh(values.rows, values.columns, values.mutableRows)
    }

    /// The softmax of every row over its columns.
    public func softmax(_ values: inout Matrix) {
        unsafe table.pointee.softmax(values.rows, values.columns, values.mutableRows)
    }

    /// Dice with its moments folded: x p + alpha x (1 - p), p = sigmoid(scale x + offset), channel by channel.
    public func dice(
        _ values: inout Matrix, scale: PackedVector, offset: PackedVector, alpha: PackedVector
    ) {
        precondition(
            scale.count == values.columns && offset.count == values.columns && alpha.count == values.columns,
            "one scale, offset and alpha a channel")
        unsafe table.pointee.dice(
            values.rows, values.columns, scale.values, offset.values, alpha.values, values.mutableRows)
    }

    /// x where it is positive, alpha x elsewhere, channel by channel.
    public func prelu(_ values: inout Matrix, alpha: PackedVector) {
        precondition(alpha.count == values.columns, "one alpha a channel")
        unsafe table.pointee.prelu(values.rows, values.columns, alpha.values, values.mutableRows)
    }
}
