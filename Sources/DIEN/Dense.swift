internal import Tensors

/// A dense layer, y = W x + b.
struct Dense: Sendable {
    let weights: PackedMatrix
    let bias: PackedVector

    init(_ weight: WeightMatrix, bias: [Float]) {
        weights = weight.packed
        self.bias = PackedVector(bias)
    }

    /// A layer without bias.
    init(_ weight: WeightMatrix) {
        self.init(weight, bias: [Float](repeating: 0, count: weight.outputs))
    }

    /// The layer of these weights without its bias.
    var withoutBias: Dense {
        Dense(weights: weights, bias: PackedVector([Float](repeating: 0, count: weights.outputs)))
    }

    private init(weights: PackedMatrix, bias: PackedVector) {
        self.weights = weights
        self.bias = bias
    }

    /// [rows, inputs] → [rows, outputs].
    func callAsFunction(_ input: borrowing Matrix, _ kernels: Kernels, into output: inout Matrix) {
        output.resize(rows: input.rows, columns: weights.outputs)
        kernels.dense(input, weights, bias: bias, into: &output)
    }
}
