internal import Tensors

/// Σ_t a_t f_t of packed facts.
enum Pooling {
    /// Weights [M, 1], facts [M, F] → [B, F].
    static func forward(
        _ facts: borrowing Matrix, weights: borrowing Matrix, _ layout: SequenceLayout
    ) -> Matrix {
        var pooled = Matrix(rows: layout.lengths.count, columns: facts.columns)
        for (m, b) in layout.sequences.enumerated() {
            for j in 0..<facts.columns { pooled[b, j] += weights[m, 0] * facts[m, j] }
        }
        return pooled
    }

    /// Adds da_t = <dp, f_t> and df_t = a_t dp.
    static func backward(
        _ gradient: borrowing Matrix, facts: borrowing Matrix, weights: borrowing Matrix,
        toFacts: inout Matrix, toWeights: inout Matrix, _ layout: SequenceLayout
    ) {
        for (m, b) in layout.sequences.enumerated() {
            for j in 0..<facts.columns {
                toWeights[m, 0] += gradient[b, j] * facts[m, j]
                toFacts[m, j] += gradient[b, j] * weights[m, 0]
            }
        }
    }
}

/// Σ_t x_t of packed behaviours.
enum HistorySum {
    /// [M, D] → [B, D].
    static func forward(_ behaviours: borrowing Matrix, _ layout: SequenceLayout) -> Matrix {
        var sums = Matrix(rows: layout.lengths.count, columns: behaviours.columns)
        for (m, b) in layout.sequences.enumerated() {
            for j in 0..<behaviours.columns { sums[b, j] += behaviours[m, j] }
        }
        return sums
    }

    /// Adds the gradient of its sum to each behaviour.
    static func backward(
        _ gradient: borrowing Matrix, toBehaviours: inout Matrix, _ layout: SequenceLayout
    ) {
        for (m, b) in layout.sequences.enumerated() {
            for j in 0..<gradient.columns { toBehaviours[m, j] += gradient[b, j] }
        }
    }
}
