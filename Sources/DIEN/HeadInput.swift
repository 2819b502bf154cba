internal import Tensors

/// What the head sees of one candidate: profile, context, target e, history sum s, e ∘ s where the architecture has
/// the product, and its interest.
struct HeadInput: Sendable {
    let hasProduct: Bool

    /// Profile and context [1, ·] or empty, targets [N, D], behaviours [T, D], interests [N, interestSize].
    func assemble(
        profile: borrowing Matrix, context: borrowing Matrix, targets: borrowing Matrix,
        behaviours: borrowing Matrix, interests: borrowing Matrix
    ) -> Matrix {
        let sum = Self.sum(of: behaviours)
        let user = profile.columns + context.columns
        let width = targets.columns
        let last = user + (hasProduct ? 3 : 2) * width
        var input = Matrix(rows: targets.rows, columns: last + interests.columns)
        for n in 0..<targets.rows {
            if profile.rows > 0 { input.copyRow(0, of: profile, toRow: n, column: 0) }
            if context.rows > 0 { input.copyRow(0, of: context, toRow: n, column: profile.columns) }
            input.copyRow(n, of: targets, toRow: n, column: user)
            input.copyRow(0, of: sum, toRow: n, column: user + width)
            if hasProduct {
                let target = targets.row(n)
                let total = sum.row(0)
                var row = input.mutableRow(n)
                for j in 0..<width { row[user + 2 * width + j] = target[j] * total[j] }
            }
            if interests.columns > 0 { input.copyRow(n, of: interests, toRow: n, column: last) }
        }
        return input
    }

    /// The sum [1, D] over the behaviours of a user.
    static func sum(of behaviours: borrowing Matrix) -> Matrix {
        var sum = Matrix(rows: 1, columns: behaviours.columns)
        var total = sum.mutableRow(0)
        for t in 0..<behaviours.rows {
            let behaviour = behaviours.row(t)
            for j in 0..<behaviours.columns { total[j] += behaviour[j] }
        }
        return sum
    }
}
