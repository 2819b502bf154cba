public import Tensors

/// A weight or a vector that is trained, and its gradient, in the layout of the kernels.
///
/// A weight is [inputs, outputs], the transpose of its tensor in a file; a vector of one value a channel is [1, channels].
public final class Parameter {
    /// The tensor's name in a file.
    public let name: String
    /// The outputs of the file's tensor that this parameter is: a GRU's gates are trained apart from its candidate.
    public let outputs: Range<Int>
    /// Whether the file's tensor has one extent.
    public let isVector: Bool
    /// The values.
    public var value: Matrix
    /// What backward passes have added since ``clearGradient()``.
    public var gradient: Matrix {
        _read { yield shares[0].sum }
        _modify { yield &shares[0].sum }
    }
    /// One a worker; the first one is the gradient once they are added up.
    let shares: [GradientShare]
    /// The value's transpose at the last ``prepare(_:)``; nothing of a vector.
    private(set) var transposed = Matrix.empty

    init(name: String, outputs: Range<Int>, isVector: Bool, value: consuming Matrix, workers: Int) {
        self.name = name
        self.outputs = outputs
        self.isVector = isVector
        let (rows, columns) = (value.rows, value.columns)
        shares = (0..<workers).map { _ in GradientShare(rows: rows, columns: columns) }
        self.value = value
    }

    /// Zeros before the next backward pass.
    public func clearGradient() {
        for share in shares { share.sum.clear() }
    }

    /// Before a batch: what backward passes need of the value.
    func prepare(_ kernels: Kernels) {
        if !isVector { kernels.transpose(value, into: &transposed) }
    }

    /// After a batch: adds the workers' shares, always in the same order.
    func addShares(_ kernels: Kernels) {
        for share in shares.dropFirst() { kernels.add(share.sum, into: &shares[0].sum) }
    }
}

/// What one worker has added to a gradient.
final class GradientShare {
    var sum: Matrix

    init(rows: Int, columns: Int) { sum = Matrix(rows: rows, columns: columns) }
}
