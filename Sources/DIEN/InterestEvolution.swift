internal import Tensors

/// The interest evolving layer (arXiv 1809.03672, "Interest Evolving Layer"): a second GRU over the interests, led by
/// attention. Where attention is small an AUGRU's state hardly moves (preset paper), so that the last state is the
/// interest as it has evolved towards the target.
final class InterestEvolution: Sendable {
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
        // Without attention in the cell it runs once a user.
        let isPooling = configuration.architecture == .gruAttention
        gru = try GRU(
            &parameters, prefix: "evolution", inputs: configuration.hiddenSize, configuration,
            precision: isPooling ? .fp32 : parameters.precision)
        cell =
            switch configuration.architecture {
            case .base, .wideDeep, .pnn, .din, .gruAttention: .pooling
            case .aigru: .input(gru.inputProducts)
            case .agru: .gate(.attention)
            case .augru, .dien: .gate(configuration.preset == .paper ? .paper : .reference)
            }
    }

    /// The second GRU as attention leads it; nil where it weighs the states.
    var attentionCell: AttentionCell? {
        switch cell {
        case .pooling: nil
        case .input(let products): .inputs(products.bias)
        case .gate(let gate): .gate(gate)
        }
    }

    /// The last states of an attention GRU towards all candidates of a block, `workspace.interest` [B, H], by
    /// `workspace.attention`, whose rows stand with the longest history first.
    func evolve(_ parts: [BlockPart], _ kernels: Kernels, _ workspace: inout Workspace) {
        guard let attentionCell else { return }
        workspace.interest.resize(rows: workspace.attention.rows, columns: gru.recurrent.hidden)
        if parts.count == 1 {
            return kernels.attentionGRU(
                gru.recurrent, cell: attentionCell, parts[0].user.projections.values,
                attention: workspace.attention,
                into: &workspace.interest, scratch: &workspace.scratch)
        }
        let sequences = parts.flatMap { part in
            repeatElement(
                AttentionSequence(part.user.projections, steps: part.user.steps), count: part.candidates.count
            )
        }
        kernels.attentionGRU(
            gru.recurrent, cell: attentionCell, sequences, attention: workspace.attention,
            into: &workspace.interest,
            scratch: &workspace.scratch)
    }
}
