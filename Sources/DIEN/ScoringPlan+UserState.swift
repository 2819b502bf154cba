internal import Tensors

extension ScoringPlan {
    /// The state of a history; of the steps behind those of `known`, which has to be the state of its beginning, where
    /// there is one. Same bits either way: a step is computed from the state before it and its own rows.
    func state(
        of history: EmbeddingRows, after known: UserState? = nil, _ workspace: inout Workspace
    ) -> UserState {
        states(of: [(history, known)], &workspace)[0]
    }

    /// The states of several users, whose steps go side by side: the bits are those of one alone.
    func states(
        of users: [(history: EmbeddingRows, known: UserState?)], _ workspace: inout Workspace
    ) -> [UserState] {
        states(of: users, &workspace, asking: {})
    }

    /// The same, given up with what `goOn` throws; it is asked before each ``blockSteps`` steps.
    func states<Stop: Error>(
        of users: [(history: EmbeddingRows, known: UserState?)], _ workspace: inout Workspace,
        asking goOn: () throws(Stop) -> Void
    ) throws(Stop) -> [UserState] {
        workspace.lastInterests.clear(rows: users.count, columns: hiddenSize)
        workspace.lastFacts.clear(rows: users.count, columns: stepColumns.facts)
        var growing = users.enumerated().map { u, user in
            if let known = user.known, known.steps > 0 {
                workspace.lastInterests.copyRow(0, of: known.lastInterest, toRow: u, column: 0)
                workspace.lastFacts.copyRow(known.steps - 1, of: known.facts, toRow: u, column: 0)
            }
            return GrowingUser(
                index: u, history: user.history, steps: user.known?.steps ?? 0,
                sum: RunningSum(user.known, columns: user.history.features.count * embeddings.size),
                rows: continuing(user.known, to: user.history.count))
        }
        while true {
            // The kernels take the longest sequence first.
            let segments = growing.filter { $0.steps < $0.history.count }
                .map { HistorySegment(user: $0, steps: $0.next) }
                .sorted { $0.steps.count > $1.steps.count }
            if segments.isEmpty { break }
            try goOn()
            extend(segments, &workspace)
            for segment in segments { growing[segment.user.index].steps = segment.steps.upperBound }
        }
        return growing.map { user in
            var last = Matrix(rows: 1, columns: hiddenSize)
            last.copyRow(user.index, of: workspace.lastInterests, toRow: 0, column: 0)
            return UserState(
                steps: user.history.count, sum: user.sum.values.copy(), lastInterest: last, rows: user.rows)
        }
    }

    /// One segment each of several histories, the longest first.
    private func extend(_ segments: [HistorySegment], _ workspace: inout Workspace) {
        workspace.behaviours.resize(
            rows: segments.reduce(0) { $0 + $1.steps.count },
            columns: segments[0].user.history.features.count * embeddings.size)
        var first = 0
        for segment in segments {
            embeddings.copyVectors(
                of: segment.user.history, segment.steps, into: &workspace.behaviours, row: first)
            kernels.addColumnSums(
                of: workspace.behaviours, rows: first..<first + segment.steps.count,
                into: &segment.user.sum.values)
            first += segment.steps.count
        }
        interest.extend(segments, kernels, &workspace)
    }

    /// Rows of the steps that are known, with room for the others claimed where nobody else has gone on from them.
    private func continuing(_ known: UserState?, to steps: Int) -> StepRows {
        let first = known?.steps ?? 0
        if let known, first > 0, known.rows.claim(after: first, steps - first) { return known.rows }
        let rows = StepRows(stepColumns, capacity: capacity(for: steps))
        precondition(rows.claim(after: 0, steps), "rows of this state alone")
        if let known {
            var copy = rows.steps(0..<first)
            known.copySteps(into: &copy, kernels)
        }
        return rows
    }

    /// A little more than the steps there are, since most histories grow.
    private func capacity(for steps: Int) -> Int {
        max(steps, min(maxHistory, steps + max(8, steps / 8)))
    }

    private var hiddenSize: Int {
        if case .evolving(let extractor, _) = interest { extractor.gru.recurrent.hidden } else { 0 }
    }
}

/// A user whose state is on its way.
struct GrowingUser {
    /// Its row among the last states in the workspace.
    let index: Int
    let history: EmbeddingRows
    /// How far it is.
    var steps: Int
    let sum: RunningSum
    let rows: StepRows

    /// The steps that are next, of a block.
    var next: Range<Int> { steps..<min(steps + ScoringPlan.blockSteps, history.count) }
}

/// The sum of the behaviours so far, [1, D].
final class RunningSum {
    var values: Matrix

    init(_ known: UserState?, columns: Int) {
        if let known { values = known.sum.copy() } else { values = Matrix(rows: 1, columns: columns) }
    }
}

/// Some steps of a user, to be computed.
struct HistorySegment {
    let user: GrowingUser
    let steps: Range<Int>
}
