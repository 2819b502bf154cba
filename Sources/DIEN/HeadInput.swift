internal import Tensors

/// What the head sees of one candidate: profile, context, target e, history sum s, e ∘ s, final state.
enum HeadInput {
    /// Profile and context [1, ·] or empty, targets [N, D], behaviours [T, D], final states [N, H].
    static func assemble(
        profile: borrowing Matrix, context: borrowing Matrix, targets: borrowing Matrix,
        behaviours: borrowing Matrix, finalStates: borrowing Matrix
    ) -> Matrix {
        let sum = sum(of: behaviours)
        let user = profile.columns + context.columns
        let width = targets.columns
        var input = Matrix(rows: targets.rows, columns: user + 3 * width + finalStates.columns)
        for n in 0..<targets.rows {
            if profile.rows > 0 { input.copyRow(0, of: profile, toRow: n, column: 0) }
            if context.rows > 0 { input.copyRow(0, of: context, toRow: n, column: profile.columns) }
            input.copyRow(n, of: targets, toRow: n, column: user)
            input.copyRow(0, of: sum, toRow: n, column: user + width)
            let target = targets.row(n)
            let total = sum.row(0)
            var row = input.mutableRow(n)
            for j in 0..<width { row[user + 2 * width + j] = target[j] * total[j] }
            input.copyRow(n, of: finalStates, toRow: n, column: user + 3 * width)
        }
        return input
    }

    /// The sum [1, D] over the behaviours of a user.
    private static func sum(of behaviours: borrowing Matrix) -> Matrix {
        var sum = Matrix(rows: 1, columns: behaviours.columns)
        var total = sum.mutableRow(0)
        for t in 0..<behaviours.rows {
            let behaviour = behaviours.row(t)
            for j in 0..<behaviours.columns { total[j] += behaviour[j] }
        }
        return sum
    }
}
