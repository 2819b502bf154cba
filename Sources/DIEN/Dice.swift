internal import Tensors

/// Dice with the moments of training: y = p x + alpha (1 - p) x, p = σ((x - mean) / (s + ε)), s = √(variance + ε).
///
/// The moments are folded into one scale and one offset a channel, so that a score does not depend on its batch.
struct Dice: Sendable {
    private let scale: PackedVector
    private let offset: PackedVector
    private let alpha: PackedVector
    private static let epsilon = 1e-9

    init(_ parameters: inout ModelParameters, prefix: String, channels: Int) throws(ModelError) {
        let alpha = try parameters.vector("\(prefix).alpha", count: channels)
        let means = try parameters.vector("\(prefix).moving_mean", count: channels)
        let variances = try parameters.variances("\(prefix).moving_variance", count: channels)
        let scales = variances.map { 1 / ((Double($0) + Self.epsilon).squareRoot() + Self.epsilon) }
        scale = PackedVector(scales.map { Float($0) })
        offset = PackedVector(zip(means, scales).map { Float(-Double($0) * $1) })
        self.alpha = PackedVector(alpha)
    }

    /// In place, [rows, channels].
    func apply(to values: inout Matrix, _ kernels: Kernels) {
        kernels.dice(&values, scale: scale, offset: offset, alpha: alpha)
    }
}
