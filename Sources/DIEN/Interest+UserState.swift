internal import Tensors

extension Interest {
    /// The user's side of the steps in `workspace.behaviours` [k, D], which follow `lastInterest` and, of a second GRU, the
    /// state in `workspace.lastFact`: fills `steps`, and moves both on.
    func extend(
        _ steps: inout StepMatrices, after lastInterest: inout Matrix, _ kernels: Kernels,
        _ workspace: inout Workspace
    ) {
        switch self {
        case .sum: return
        case .pooled(let attention):
            kernels.copy(workspace.behaviours, into: &steps.facts)
            attention.project(facts: steps.facts, kernels, into: &steps.keyParts)
        case .evolving(let extractor, let evolution):
            extractor.gru.project(workspace.behaviours, kernels, into: &workspace.projections)
            if case .pooling = evolution.cell {
                workspace.interests.resize(rows: workspace.behaviours.rows, columns: lastInterest.columns)
                kernels.gru(
                    extractor.gru.recurrent, workspace.projections, after: lastInterest,
                    into: &workspace.interests)
                lastInterest.copyRow(
                    workspace.interests.rows - 1, of: workspace.interests, toRow: 0, column: 0)
                evolution.gru.project(workspace.interests, kernels, into: &workspace.projections)
                kernels.gru(
                    evolution.gru.recurrent, workspace.projections, after: workspace.lastFact,
                    into: &steps.facts)
                workspace.lastFact.copyRow(steps.facts.rows - 1, of: steps.facts, toRow: 0, column: 0)
            } else {
                kernels.gru(
                    extractor.gru.recurrent, workspace.projections, after: lastInterest, into: &steps.facts)
                lastInterest.copyRow(steps.facts.rows - 1, of: steps.facts, toRow: 0, column: 0)
            }
            evolution.project(steps.facts, kernels, into: &steps.projections)
            evolution.attention.project(facts: steps.facts, kernels, into: &steps.keyParts)
        }
    }
}

extension InterestEvolution {
    /// The input half of the second GRU, of interests [k, H].
    fileprivate func project(
        _ interests: borrowing Matrix, _ kernels: Kernels, into projections: inout Projections
    ) {
        switch cell {
        case .pooling: return
        case .input(let products): products.project(interests, kernels, into: &projections)
        case .gate: gru.project(interests, kernels, into: &projections)
        }
    }
}
