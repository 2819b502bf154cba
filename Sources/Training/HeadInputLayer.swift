internal import Tensors

/// What the head sees of one sample: user u, target e, history sum s, e ∘ s where there is the product, interest i.
final class HeadInputLayer {
    private let hasProduct: Bool
    private let worker: Worker
    private var product = Matrix.empty
    /// [B, headInputSize] of the last forward pass.
    private(set) var output = Matrix.empty
    /// Of the last backward pass.
    var toUser = Matrix.empty
    var toTargets = Matrix.empty
    var toSums = Matrix.empty
    var toInterests = Matrix.empty

    init(hasProduct: Bool, _ worker: Worker) {
        self.hasProduct = hasProduct
        self.worker = worker
    }

    /// B rows each.
    func forward(
        user: borrowing Matrix, targets: borrowing Matrix, sums: borrowing Matrix,
        interests: borrowing Matrix
    ) {
        let kernels = worker.kernels
        let (p, d) = (user.columns, targets.columns)
        let last = p + (hasProduct ? 3 : 2) * d
        output.resize(rows: targets.rows, columns: last + interests.columns)
        kernels.copy(user, into: &output)
        kernels.copy(targets, into: &output, column: p)
        kernels.copy(sums, into: &output, column: p + d)
        if hasProduct {
            kernels.multiply(targets, sums, into: &product)
            kernels.copy(product, into: &output, column: p + 2 * d)
        }
        kernels.copy(interests, into: &output, column: last)
    }

    /// de = de' + s d(e ∘ s), ds likewise.
    func backward(
        _ gradient: borrowing Matrix, user: Int, targets: borrowing Matrix, sums: borrowing Matrix
    ) {
        let kernels = worker.kernels
        let d = targets.columns
        let last = user + (hasProduct ? 3 : 2) * d
        toUser.resize(rows: gradient.rows, columns: user)
        toTargets.resize(rows: gradient.rows, columns: d)
        toSums.resize(rows: gradient.rows, columns: d)
        toInterests.resize(rows: gradient.rows, columns: gradient.columns - last)
        kernels.copyPart(of: gradient, into: &toUser)
        kernels.copyPart(of: gradient, column: user, into: &toTargets)
        kernels.copyPart(of: gradient, column: user + d, into: &toSums)
        kernels.copyPart(of: gradient, column: last, into: &toInterests)
        guard hasProduct else { return }
        product.resize(rows: gradient.rows, columns: d)
        kernels.copyPart(of: gradient, column: user + 2 * d, into: &product)
        kernels.multiplyAdd(product, sums, into: &toTargets)
        kernels.multiplyAdd(product, targets, into: &toSums)
    }
}
