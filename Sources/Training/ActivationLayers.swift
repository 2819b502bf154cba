internal import Tensors

/// y = x where x > 0, α x elsewhere.
final class PReLULayer {
    let alpha: Parameter
    private let worker: Worker
    /// y of the last forward pass.
    private(set) var output = Matrix.empty

    init(alpha: Parameter, _ worker: Worker) {
        self.alpha = alpha
        self.worker = worker
    }

    func forward(_ input: borrowing Matrix) {
        output.resize(rows: input.rows, columns: input.columns)
        worker.kernels.copy(input, into: &output)
        worker.kernels.prelu(&output, alpha: alpha.value)
    }

    /// In place, dx = dy (x > 0), α dy elsewhere; dα += Σ x dy where x ≤ 0.
    func backward(_ gradient: inout Matrix, input: borrowing Matrix) {
        worker.kernels.preluBackward(
            &gradient, inputs: input, alpha: alpha.value, alphaGradient: &alpha.shares[worker.index].sum)
    }
}

/// Dice: with n = (x - μ) / (s + ε), s = √(v + ε), p = σ(n), y = α (1 - p) x + p x, ε = 1e-9. Training takes the moments
/// of the batch and does not detach them; evaluation takes the stored ones.
final class DiceLayer {
    let alpha: Parameter
    let moments: ChannelMoments
    private let worker: Worker
    private static let epsilon: Float = 1e-9
    /// y of the last forward pass.
    private(set) var output = Matrix.empty
    private var scale: Matrix
    private var offset: Matrix

    init(alpha: Parameter, moments: ChannelMoments, _ worker: Worker) {
        self.alpha = alpha
        self.moments = moments
        self.worker = worker
        scale = Matrix(rows: 1, columns: alpha.value.columns)
        offset = Matrix(rows: 1, columns: alpha.value.columns)
    }

    func forward(_ input: borrowing Matrix, _ mode: Mode) {
        switch mode {
        case .training:
            worker.kernels.moments(input, mean: &moments.batchMean, variance: &moments.batchVariance)
            fold(moments.batchMean, moments.batchVariance)
        case .evaluation: fold(moments.mean, moments.variance)
        }
        output.resize(rows: input.rows, columns: input.columns)
        worker.kernels.copy(input, into: &output)
        worker.kernels.dice(&output, scale: scale, offset: offset, alpha: alpha.value)
    }

    /// n = scale x + offset.
    private func fold(_ mean: borrowing Matrix, _ variance: borrowing Matrix) {
        for j in 0..<scale.columns {
            scale[0, j] = 1 / ((variance[0, j] + Self.epsilon).squareRoot() + Self.epsilon)
            offset[0, j] = -mean[0, j] * scale[0, j]
        }
    }

    /// In place, of a training pass: dα += Σ (1 - p) x g; dn = g x (1 - α) p (1 - p); ds = -Σ dn (x - μ) / (s + ε)²;
    /// dx = g (α + (1 - α) p) + c - mean c, c = dn / (s + ε) + ds (x - μ) / (B s).
    func backward(_ gradient: inout Matrix, input: borrowing Matrix) {
        worker.kernels.diceBackward(
            &gradient, inputs: input, alpha: alpha.value, mean: moments.batchMean,
            variance: moments.batchVariance, epsilon: Self.epsilon,
            alphaGradient: &alpha.shares[worker.index].sum)
    }
}

/// What a forward pass is for.
enum Mode {
    /// With the moments of the batch.
    case training
    /// With the stored moments.
    case evaluation
}
