internal import Tensors

/// y = x W + b, W [inputs, outputs]; without bias where there is none.
final class DenseLayer {
    let weight: Parameter
    let bias: Parameter?
    private let worker: Worker
    /// y [rows, outputs] of the last forward pass; an activation may work in it.
    var output = Matrix.empty
    /// dx [rows, inputs] of the last backward pass; so may the backward pass of an activation.
    var toInput = Matrix.empty

    /// The tensors `<name>.weight` [outputs, inputs] and `<name>.bias` [outputs].
    init(
        _ parameters: Parameters, _ worker: Worker, _ name: String, inputs: Int, outputs: Int
    ) throws(TrainingError) {
        (weight, bias) = try parameters.layer(name, inputs: inputs, outputs: outputs)
        self.worker = worker
    }

    init(weight: Parameter, bias: Parameter?, _ worker: Worker) {
        self.weight = weight
        self.bias = bias
        self.worker = worker
    }

    func forward(_ input: borrowing Matrix) {
        if let bias {
            worker.kernels.dense(input, weight.value, bias: bias.value, into: &output)
        } else {
            worker.kernels.product(input, weight.value, into: &output)
        }
    }

    /// dW += xᵀ dy, db += Σ dy, and dx = dy Wᵀ.
    func backward(_ gradient: borrowing Matrix, input: borrowing Matrix) {
        worker.kernels.accumulateTransposed(input, gradient, into: &weight.shares[worker.index].sum)
        if let bias {
            worker.kernels.addColumnSums(of: gradient, into: &bias.shares[worker.index].sum)
        }
        worker.kernels.product(gradient, weight.transposed, into: &toInput)
    }
}

/// y = γ x / √(1 + 1e-3) + β: the batch normalisation of the authors' program, whose moments stay 0 and 1.
final class NormLayer {
    let gamma: Parameter
    let beta: Parameter
    private let worker: Worker
    /// y of the last forward pass.
    private(set) var output = Matrix.empty
    /// dx of the last backward pass.
    private(set) var toInput = Matrix.empty
    private var factors: Matrix
    private let zeros: Matrix
    static let scale = Float(1 / (1 + 1e-3).squareRoot())

    init(
        _ parameters: Parameters, _ worker: Worker, _ name: String, channels: Int
    ) throws(TrainingError) {
        gamma = try parameters.vector("\(name).gamma", 0..<channels, of: channels)
        beta = try parameters.vector("\(name).beta", 0..<channels, of: channels)
        self.worker = worker
        factors = Matrix(rows: 1, columns: channels)
        zeros = Matrix(rows: 1, columns: channels)
    }

    func forward(_ input: borrowing Matrix) {
        for j in 0..<factors.columns { factors[0, j] = gamma.value[0, j] * Self.scale }
        worker.kernels.affine(input, scale: factors, offset: beta.value, into: &output)
    }

    /// dβ += Σ dy, dγ += Σ dy x / √(1 + 1e-3), dx = dy γ / √(1 + 1e-3).
    func backward(_ gradient: borrowing Matrix, input: borrowing Matrix) {
        worker.kernels.addColumnSums(of: gradient, into: &beta.shares[worker.index].sum)
        var sums = Matrix(rows: 1, columns: factors.columns)
        worker.kernels.addColumnDots(gradient, input, into: &sums)
        for j in 0..<sums.columns { gamma.shares[worker.index].sum[0, j] += sums[0, j] * Self.scale }
        worker.kernels.affine(gradient, scale: factors, offset: zeros, into: &toInput)
    }
}
