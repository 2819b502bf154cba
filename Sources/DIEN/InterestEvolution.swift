internal import Tensors

/// The interest evolving layer (arXiv 1809.03672, "Interest Evolving Layer"): a GRU with attentional update gate (AUGRU)
/// over the interests. Where attention is small the state hardly moves (preset paper), so that the last state is the
/// interest as it has evolved towards the target.
struct InterestEvolution: Sendable {
    private let gru: GRU
    private let gate: AttentionGate

    init(_ parameters: inout ModelParameters, _ configuration: ModelConfiguration) throws(ModelError) {
        gru = try GRU(&parameters, prefix: "evolution", inputs: configuration.hiddenSize, configuration)
        gate =
            switch configuration.preset {
            case .paper: .paper
            case .reference: .reference
            }
    }

    /// Interests [T, H] and attention [N, T] → last states [N, H]. The interests are projected once for all candidates.
    func finalStates(
        interests: borrowing Matrix, attention: borrowing Matrix, _ kernels: Kernels
    ) -> Matrix {
        let projections = gru.projections(of: interests, kernels)
        var states = Matrix(rows: attention.rows, columns: gru.recurrent.hidden)
        kernels.augru(gru.recurrent, gate: gate, projections, attention: attention, into: &states)
        return states
    }
}
