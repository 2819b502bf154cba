internal import Tensors

extension InterestEvolution {
    /// The state after every step towards the one candidate of `workspace.attention` [1, T]: of these ``evolve`` keeps the
    /// last.
    ///
    /// For explanations: it runs an attention GRU over every prefix of the history, T² / 2 steps, with the very kernels that
    /// score, so that the state after the last step has the bits that the head saw.
    func trace(_ user: UserState, _ kernels: Kernels, _ workspace: inout Workspace) -> [[Float]] {
        guard user.steps > 0 else { return [] }
        guard let attentionCell else { return user.facts.rowElements() }
        return (1...user.steps).map { steps in
            kernels.attentionGRU(
                gru.recurrent, cell: attentionCell, [AttentionSequence(user.projections, steps: steps)],
                attention: workspace.attention, into: &workspace.interest, scratch: &workspace.scratch)
            return workspace.interest.rowElements()[0]
        }
    }
}

extension Matrix {
    /// Each row as an array.
    func rowElements() -> [[Float]] {
        (0..<rows).map { r in
            let row = row(r)
            return (0..<columns).map { row[$0] }
        }
    }
}
