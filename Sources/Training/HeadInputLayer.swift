internal import Tensors

/// What the head sees of one sample: user u, target e, history sum s, e ∘ s where there is the product, interest i.
struct HeadInputLayer {
    let hasProduct: Bool

    /// The gradients that it passes back.
    struct Gradients: ~Copyable {
        var user: Matrix
        var targets: Matrix
        var sums: Matrix
        var interests: Matrix
    }

    /// B rows each → [B, headInputSize].
    func forward(
        user: borrowing Matrix, targets: borrowing Matrix, sums: borrowing Matrix,
        interests: borrowing Matrix
    ) -> Matrix {
        let (p, d) = (user.columns, targets.columns)
        let last = p + (hasProduct ? 3 : 2) * d
        var input = Matrix(rows: targets.rows, columns: last + interests.columns)
        for b in 0..<targets.rows {
            if p > 0 { input.copyRow(b, of: user, toRow: b, column: 0) }
            input.copyRow(b, of: targets, toRow: b, column: p)
            input.copyRow(b, of: sums, toRow: b, column: p + d)
            if hasProduct {
                for j in 0..<d { input[b, p + 2 * d + j] = targets[b, j] * sums[b, j] }
            }
            if interests.columns > 0 { input.copyRow(b, of: interests, toRow: b, column: last) }
        }
        return input
    }

    /// de = de' + s d(e ∘ s), ds likewise.
    func backward(
        _ gradient: borrowing Matrix, user: Int, targets: borrowing Matrix, sums: borrowing Matrix
    ) -> Gradients {
        let d = targets.columns
        let last = user + (hasProduct ? 3 : 2) * d
        var result = Gradients(
            user: gradient.columns(from: 0, count: user),
            targets: gradient.columns(from: user, count: d),
            sums: gradient.columns(from: user + d, count: d),
            interests: gradient.columns(from: last, count: gradient.columns - last))
        guard hasProduct else { return result }
        for b in 0..<targets.rows {
            for j in 0..<d {
                let product = gradient[b, user + 2 * d + j]
                result.targets[b, j] += product * sums[b, j]
                result.sums[b, j] += product * targets[b, j]
            }
        }
        return result
    }
}
