internal import Tensors

/// One of the threads that a batch is split among: layers that it owns add to its own share of every gradient.
struct Worker: Sendable {
    let kernels: Kernels
    /// 0 ..< the threads.
    let index: Int
}

extension Matrix {
    /// [0, 0]: a buffer before its first batch.
    static var empty: Matrix { Matrix(rows: 0, columns: 0) }
}
