internal import Tensors

/// How much each interest matters to each candidate: a_t, the softmax over the steps of a score of the
/// step's fact (a GRU state, or in DIN a behaviour) and the candidate.
enum Attention: Sendable {
    /// Preset paper.
    case bilinear(BilinearAttention)
    /// Preset reference.
    case network(NetworkAttention)

    init(_ parameters: inout ModelParameters, _ configuration: ModelConfiguration) throws(ModelError) {
        if configuration.architecture.hasAttentionNetwork(configuration.preset) {
            self = .network(try NetworkAttention(&parameters, configuration))
        } else {
            self = .bilinear(try BilinearAttention(&parameters, configuration))
        }
    }

    /// Targets [N, D] and facts [T, F] → weights [N, T], each row of which adds up to 1.
    func weights(
        targets: borrowing Matrix, facts: borrowing Matrix, _ kernels: Kernels
    ) -> Matrix {
        var weights = Matrix(rows: targets.rows, columns: facts.rows)
        switch self {
        case .bilinear(let attention): attention.score(targets, facts, kernels, into: &weights)
        case .network(let attention): attention.score(targets, facts, kernels, into: &weights)
        }
        kernels.softmax(&weights)
        return weights
    }

    /// The facts of a history as one vector a candidate, Σ_t a_t f_t: weights [N, T] and facts [T, F] → [N, F].
    static func pool(_ facts: borrowing Matrix, weights: borrowing Matrix, _ kernels: Kernels) -> Matrix {
        var pooled = Matrix(rows: weights.rows, columns: facts.columns)
        kernels.accumulate(weights, facts, into: &pooled)
        return pooled
    }
}
