internal import Tensors

extension InterestEvolution {
    /// The state after every step towards the candidate of `workspace.attention` [1, T]: of these ``evolve`` keeps the last.
    ///
    /// For explanations: it runs an attention GRU over every prefix of the history, T² / 2 steps, with the very kernels that
    /// score, so that the state after the last step has the bits that the head saw.
    func trace(_ state: UserState, _ kernels: Kernels, _ workspace: inout Workspace) -> [[Float]] {
        guard state.steps > 0 else { return [] }
        switch cell {
        case .pooling: return state.matrices.facts.rowElements()
        case .input:
            evolve(state.matrices, kernels, &workspace)
            return workspace.states.rowElements()
        case .gate:
            let weights = workspace.attention.copy()
            return (1...state.steps).map { steps in
                workspace.attention.resize(rows: 1, columns: steps)
                for t in 0..<steps { workspace.attention[0, t] = weights[0, t] }
                evolve(state.rows.steps(0..<steps), kernels, &workspace)
                return workspace.interest.rowElements()[0]
            }
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
