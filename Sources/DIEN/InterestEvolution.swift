internal import Tensors

/// The interest evolving layer (arXiv 1809.03672, "Interest Evolving Layer"): a second GRU over the interests, led by
/// attention. Where attention is small an AUGRU's state hardly moves (preset paper), so that the last state is the
/// interest as it has evolved towards the target.
struct InterestEvolution: Sendable {
    let gru: GRU
    let attention: Attention
    let cell: Cell

    /// Where attention enters.
    enum Cell {
        /// Nowhere: it weighs the states of the second GRU (two-layer GRU attention).
        case pooling
        /// The inputs, i'_t = a_t h_t (AIGRU).
        case input(InputProducts)
        /// The update gate (AGRU, AUGRU).
        case gate(AttentionGate)
    }

    init(_ parameters: inout ModelParameters, _ configuration: ModelConfiguration) throws(ModelError) {
        attention = try Attention(&parameters, configuration)
        gru = try GRU(&parameters, prefix: "evolution", inputs: configuration.hiddenSize, configuration)
        cell =
            switch configuration.architecture {
            case .base, .wideDeep, .pnn, .din, .gruAttention: .pooling
            case .aigru: .input(gru.inputProducts)
            case .agru: .gate(.attention)
            case .augru, .dien: .gate(configuration.preset == .paper ? .paper : .reference)
            }
    }

    /// The last states of the evolution towards each candidate, `workspace.interest` [N, H], by its attention.
    func evolve(_ steps: borrowing StepMatrices, _ kernels: Kernels, _ workspace: inout Workspace) {
        let hidden = gru.recurrent.hidden
        switch cell {
        case .pooling:
            kernels.product(workspace.attention, steps.facts, into: &workspace.interest)
        case .input(let products):
            workspace.interest.clear(rows: workspace.attention.rows, columns: hidden)
            guard steps.facts.rows > 0 else { return }
            workspace.states.resize(rows: steps.facts.rows, columns: hidden)
            for n in 0..<workspace.attention.rows {
                products.scale(
                    steps.projections, by: workspace.attention, row: n, kernels, into: &workspace.projections)
                kernels.gru(gru.recurrent, workspace.projections, into: &workspace.states)
                workspace.interest.copyRow(
                    steps.facts.rows - 1, of: workspace.states, toRow: n, column: 0)
            }
        case .gate(let gate):
            workspace.interest.resize(rows: workspace.attention.rows, columns: hidden)
            kernels.augru(
                gru.recurrent, gate: gate, steps.projections, attention: workspace.attention,
                into: &workspace.interest)
        }
    }
}
