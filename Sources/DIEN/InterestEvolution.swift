internal import Tensors

/// The interest evolving layer (arXiv 1809.03672, "Interest Evolving Layer"): a second GRU over the interests, led by
/// attention. Where attention is small an AUGRU's state hardly moves (preset paper), so that the last state is the
/// interest as it has evolved towards the target.
struct InterestEvolution: Sendable {
    let gru: GRU
    private let attention: Attention
    let cell: Cell

    /// Where attention enters.
    enum Cell {
        /// Nowhere: it weighs the states of the second GRU (two-layer GRU attention).
        case pooling
        /// The inputs, i'_t = a_t h_t (AIGRU).
        case input
        /// The update gate (AGRU, AUGRU).
        case gate(AttentionGate)
    }

    init(_ parameters: inout ModelParameters, _ configuration: ModelConfiguration) throws(ModelError) {
        attention = try Attention(&parameters, configuration)
        gru = try GRU(&parameters, prefix: "evolution", inputs: configuration.hiddenSize, configuration)
        cell =
            switch configuration.architecture {
            case .base, .wideDeep, .pnn, .din, .gruAttention: .pooling
            case .aigru: .input
            case .agru: .gate(.attention)
            case .augru, .dien: .gate(configuration.preset == .paper ? .paper : .reference)
            }
    }

    /// Interests [T, H] and targets [N, D] → attention [N, T] and the evolved interest of each candidate [N, H].
    func evolve(_ interests: consuming Matrix, targets: borrowing Matrix, _ kernels: Kernels) -> InterestPass
    {
        if case .pooling = cell {
            let states = gru.states(over: interests, kernels)
            let weights = attention.weights(targets: targets, facts: states, kernels)
            let pooled = Attention.pool(states, weights: weights, kernels)
            return InterestPass(states: interests, attention: weights, vectors: pooled)
        }
        let weights = attention.weights(targets: targets, facts: interests, kernels)
        let last = finalStates(interests, weights, kernels)
        return InterestPass(states: interests, attention: weights, vectors: last)
    }

    private func finalStates(
        _ interests: borrowing Matrix, _ weights: borrowing Matrix, _ kernels: Kernels
    ) -> Matrix {
        var last = Matrix(rows: weights.rows, columns: gru.recurrent.hidden)
        guard case .gate(let gate) = cell else {
            for n in 0..<weights.rows where interests.rows > 0 {
                let states = gru.states(over: scaled(interests, by: weights.row(n)), kernels)
                last.copyRow(states.rows - 1, of: states, toRow: n, column: 0)
            }
            return last
        }
        // The interests are projected once for all candidates.
        let projections = gru.projections(of: interests, kernels)
        var scratch = KernelScratch()
        kernels.augru(
            gru.recurrent, gate: gate, projections, attention: weights, into: &last, scratch: &scratch)
        return last
    }

    /// Row t times weight t.
    func scaled(_ interests: borrowing Matrix, by weights: Span<Float>) -> Matrix {
        var scaled = Matrix(rows: interests.rows, columns: interests.columns)
        for t in 0..<interests.rows {
            let interest = interests.row(t)
            var row = scaled.mutableRow(t)
            for j in 0..<interests.columns { row[j] = weights[t] * interest[j] }
        }
        return scaled
    }
}
