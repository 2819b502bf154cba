internal import Tensors

/// How much each interest matters to each candidate: a_t, the softmax over the steps of a score of h_t and the candidate.
enum Attention: Sendable {
    /// Preset paper.
    case bilinear(BilinearAttention)
    /// Preset reference.
    case network(NetworkAttention)

    init(_ parameters: inout ModelParameters, _ configuration: ModelConfiguration) throws(ModelError) {
        switch configuration.preset {
        case .paper: self = .bilinear(try BilinearAttention(&parameters, configuration))
        case .reference: self = .network(try NetworkAttention(&parameters, configuration))
        }
    }

    /// Targets [N, D] and interests [T, H] → weights [N, T], each row of which adds up to 1.
    func weights(
        targets: borrowing Matrix, interests: borrowing Matrix, _ kernels: Kernels
    ) -> Matrix {
        var weights = Matrix(rows: targets.rows, columns: interests.rows)
        switch self {
        case .bilinear(let attention): attention.score(targets, interests, kernels, into: &weights)
        case .network(let attention): attention.score(targets, interests, kernels, into: &weights)
        }
        kernels.softmax(&weights)
        return weights
    }
}
