internal import Tensors

extension ScoringPlan {
    /// The state of a history; of the steps behind those of `known`, which has to be the state of its beginning, where
    /// there is one. Same bits either way: a step is computed from the state before it and its own rows.
    func state(
        of history: EmbeddingRows, after known: UserState? = nil, _ workspace: inout Workspace
    ) -> UserState {
        var sum = known?.sum.copy() ?? Matrix(rows: 1, columns: itemSize(of: history))
        var lastInterest = known?.lastInterest.copy() ?? Matrix(rows: 1, columns: hiddenSize)
        let rows = continuing(known, to: history.count, &workspace)
        var first = known?.steps ?? 0
        while first < history.count {
            let block = first..<min(first + Self.blockSteps, history.count)
            embeddings.vectors(of: history, block, into: &workspace.behaviours)
            kernels.addColumnSums(of: workspace.behaviours, into: &sum)
            var steps = rows.steps(block)
            interest.extend(&steps, after: &lastInterest, kernels, &workspace)
            first = block.upperBound
        }
        return UserState(
            history: history.stepwise, steps: history.count, sum: sum, lastInterest: lastInterest, rows: rows)
    }

    /// Rows of the steps that are known, with room for the others, where nobody else has gone on from them; and the state
    /// of a second GRU after them in `workspace.lastFact`.
    private func continuing(_ known: UserState?, to steps: Int, _ workspace: inout Workspace) -> StepRows {
        workspace.lastFact.clear(rows: 1, columns: stepColumns.facts)
        let first = known?.steps ?? 0
        if let known, first > 0 {
            workspace.lastFact.copyRow(first - 1, of: known.matrices.facts, toRow: 0, column: 0)
            if known.rows.claim(after: first, steps - first) { return known.rows }
        }
        let rows = StepRows(stepColumns, capacity: capacity(for: steps))
        precondition(rows.claim(after: 0, steps), "rows of this state alone")
        if let known {
            var copy = rows.steps(0..<first)
            known.matrices.copy(into: &copy, kernels)
        }
        return rows
    }

    /// A little more than the steps there are, since most histories grow.
    private func capacity(for steps: Int) -> Int {
        max(steps, min(maxHistory, steps + max(8, steps / 8)))
    }

    private func itemSize(of history: EmbeddingRows) -> Int {
        history.features.count * embeddings.size
    }

    private var hiddenSize: Int {
        if case .evolving(let extractor, _) = interest { extractor.gru.recurrent.hidden } else { 0 }
    }
}
