internal import CKernels

/// How B sequences stand in M rows: step after step, the longest sequence first, no padding (see training_kernels.h).
public struct Packing: Sendable, Equatable {
    /// Sequences that reach step t; they never grow.
    public let counts: [Int]
    /// Rows in all, M.
    public let rows: Int

    /// Precondition: counts do not grow.
    public init(counts: [Int]) {
        precondition(zip(counts, counts.dropFirst()).allSatisfy { $0 >= $1 && $1 >= 0 }, "counts grow")
        self.counts = counts
        rows = counts.reduce(0, +)
    }

    func withKernel(_ body: (kernel_packing) -> Void) {
        unsafe counts.withUnsafeBufferPointer { buffer in
            // An empty array may have no address, and then no step reads one.
            var none = 0
            unsafe withUnsafePointer(to: &none) { none in
                unsafe body(kernel_packing(steps: buffer.count, counts: buffer.baseAddress ?? none))
            }
        }
    }
}

extension Kernels {
    /// In place: the scores [1, M] of each sequence become their softmax.
    public func packedSoftmax(_ scores: inout Matrix, _ packing: Packing) {
        precondition(scores.isVector(of: packing.rows), "one score a row")
        unsafe packing.withKernel { unsafe training.packed_softmax($0, scores.base) }
    }

    /// In place: the gradient [1, M] of the weights [1, M] becomes that of the scores, ds_t = a_t (da_t - Σ a da).
    public func packedSoftmaxBackward(
        _ gradient: inout Matrix, weights: borrowing Matrix, _ packing: Packing
    ) {
        precondition(gradient.isVector(of: packing.rows) && weights.isVector(of: packing.rows), "one a row")
        let weights = unsafe weights.base
        unsafe packing.withKernel { unsafe training.packed_softmax_backward($0, weights, gradient.base) }
    }

    /// dots [1, M]: <s_b, p_m> of sequences [B, F] and packed [M, F].
    public func packedDots(
        _ sequences: borrowing Matrix, _ packed: borrowing Matrix, into dots: inout Matrix, _ packing: Packing
    ) {
        check(sequences, packed, packing)
        dots.resize(rows: 1, columns: packing.rows)
        let (s, p, columns) = unsafe (sequences.constantRows, packed.constantRows, packed.columns)
        unsafe packing.withKernel { unsafe training.packed_dots($0, columns, s, p, dots.base) }
    }

    /// s_b += Σ w_m p_m; weights [1, M], or [0, 0] for 1.
    public func addPackedSum(
        of packed: borrowing Matrix, weights: borrowing Matrix, into sequences: inout Matrix,
        _ packing: Packing
    ) {
        check(sequences, packed, packing)
        let (w, p, columns) = unsafe (
            weights.optionalVector(packing.rows), packed.constantRows, packed.columns
        )
        unsafe packing.withKernel { unsafe training.packed_sum($0, columns, w, p, sequences.mutableRows) }
    }

    /// p_m += w_m s_b; weights [1, M], or [0, 0] for 1.
    public func addPackedSpread(
        of sequences: borrowing Matrix, weights: borrowing Matrix, into packed: inout Matrix,
        _ packing: Packing
    ) {
        check(sequences, packed, packing)
        let (w, s, columns) =
            unsafe (weights.optionalVector(packing.rows), sequences.constantRows, packed.columns)
        unsafe packing.withKernel { unsafe training.packed_spread($0, columns, w, s, packed.mutableRows) }
    }

    /// products_m = s_b ∘ p_m, [M, F].
    public func packedProducts(
        _ sequences: borrowing Matrix, _ packed: borrowing Matrix, into products: inout Matrix,
        _ packing: Packing
    ) {
        check(sequences, packed, packing)
        products.resize(rows: packed.rows, columns: packed.columns)
        let (s, p, columns) = unsafe (sequences.constantRows, packed.constantRows, packed.columns)
        unsafe packing.withKernel { unsafe training.packed_products($0, columns, s, p, products.mutableRows) }
    }

    /// s_b += Σ p_m ∘ q_m.
    public func addPackedProducts(
        _ p: borrowing Matrix, _ q: borrowing Matrix, into sequences: inout Matrix, _ packing: Packing
    ) {
        check(sequences, p, packing)
        precondition(p.hasShape(of: q), "matrices of one shape")
        let (a, b, columns) = unsafe (p.constantRows, q.constantRows, p.columns)
        unsafe packing.withKernel {
            unsafe training.packed_product_sum($0, columns, a, b, sequences.mutableRows)
        }
    }

    /// The row of step t - 1 of `earlier` += the row of step t of `later`, of every sequence; both [M, F].
    public func addPackedShift(of later: borrowing Matrix, into earlier: inout Matrix, _ packing: Packing) {
        precondition(later.hasShape(of: earlier) && later.rows == packing.rows, "M rows")
        let (l, columns) = unsafe (later.constantRows, later.columns)
        unsafe packing.withKernel { unsafe training.packed_shift_add($0, columns, l, earlier.mutableRows) }
    }

    private func check(_ sequences: borrowing Matrix, _ packed: borrowing Matrix, _ packing: Packing) {
        precondition(
            packed.rows == packing.rows && sequences.columns == packed.columns, "packed is not [M, F]")
        precondition(sequences.rows >= packing.counts.first ?? 0, "sequences are not [B, F]")
    }
}

extension Matrix {
    /// The values of [1, count], nil of [0, 0].
    func optionalVector(_ count: Int) -> UnsafePointer<Float>? {
        precondition(isVector(of: count) || rows == 0, "one weight a row")
        return unsafe rows == 0 ? nil : UnsafePointer(base)
    }
}
