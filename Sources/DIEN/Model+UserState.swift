/// What became of a user's state.
public enum UserStateOrigin: String, Sendable, CaseIterable {
    /// It was in the cache.
    case hit
    /// It went on from one in the cache, by the behaviours that were new.
    case extended
    /// It was computed from the first behaviour on.
    case computed
}

extension Model {
    /// Checks a request and maps its identifiers to rows.
    public func resolve(_ input: RankingInput) throws(ScoringError) -> ResolvedInput {
        try resolver.resolve(input)
    }

    /// The same of a history for which there are no candidates yet.
    public func resolve(history: [FeatureColumn]) throws(ScoringError) -> ResolvedInput {
        try resolver.resolveHistory(history)
    }

    /// The state of a request's user, from the cache, or computed and kept there.
    public func userState(
        of input: ResolvedInput, in cache: UserStateCache?, _ workspace: inout Workspace
    ) -> (state: UserState, origin: UserStateOrigin) {
        guard let cache, let place = cache.place(of: input.history) else {
            return (plan.state(of: input.history, &workspace), .computed)
        }
        let known = cache.find(place)
        if let known, known.steps == place.steps { return (known, .hit) }
        let state = plan.state(of: input.history, after: known, &workspace)
        cache.insert(state, at: place, extending: known)
        return (state, known == nil ? .computed : .extended)
    }

    /// The same, given up with what `goOn` throws; it is asked before each block of behaviours.
    public func userState(
        of input: ResolvedInput, in cache: UserStateCache?, _ workspace: inout Workspace,
        asking goOn: () throws(ScoringError) -> Void
    ) throws(ScoringError) -> (state: UserState, origin: UserStateOrigin) {
        try userStates(of: [input.history], in: cache, &workspace, asking: goOn)[0]
    }

    /// The click probability of every candidate against its user's state; the bits of ``score(_:)-(RankingInput)``.
    ///
    /// - Parameter topAttention: how many behaviours to tell for each candidate; 0 costs nothing.
    public func score(
        _ input: ResolvedInput, of state: UserState, topAttention: Int = 0, _ workspace: inout Workspace
    ) throws(ScoringError) -> Scores {
        try score(
            input, of: state, topAttention: topAttention, &workspace,
            blockCandidates: ScoringPlan.blockCandidates, asking: {})
    }

    /// The same, given up with what `goOn` throws; it is asked before each part of ``partCandidates(steps:)``.
    public func score(
        _ input: ResolvedInput, of state: UserState, topAttention: Int = 0, _ workspace: inout Workspace,
        asking goOn: () throws(ScoringError) -> Void
    ) throws(ScoringError) -> Scores {
        try score(
            input, of: state, topAttention: topAttention, &workspace,
            blockCandidates: partCandidates(steps: state.steps), asking: goOn)
    }

    private func score(
        _ input: ResolvedInput, of state: UserState, topAttention: Int, _ workspace: inout Workspace,
        blockCandidates: Int, asking goOn: () throws(ScoringError) -> Void
    ) throws(ScoringError) -> Scores {
        try checkAttention(topAttention)
        var scored = ScoredCandidates()
        for block in plan.blocks(of: input.candidates, size: blockCandidates) {
            try goOn()
            plan.score([BlockPart(input: input, candidates: block, user: state)], &workspace)
            try scored.append(block, row: 0, of: workspace, steps: state.steps, topAttention: topAttention)
        }
        return scored.scores(of: input)
    }

    /// The same of a part of the candidates, which may be scored beside the other parts by another thread.
    public func score(
        _ input: ResolvedInput, _ candidates: Range<Int>, of state: UserState, topAttention: Int = 0,
        _ workspace: inout Workspace
    ) throws(ScoringError) -> ScoredCandidates {
        try checkAttention(topAttention)
        plan.score([BlockPart(input: input, candidates: candidates, user: state)], &workspace)
        var scored = ScoredCandidates()
        try scored.append(candidates, row: 0, of: workspace, steps: state.steps, topAttention: topAttention)
        return scored
    }

    /// Throws where attention weights are asked for that the architecture does not have.
    public func checkAttention(_ topAttention: Int) throws(ScoringError) {
        guard topAttention == 0 || plan.interest.attention != nil else {
            throw .noAttention(architecture: configuration.architecture.rawValue)
        }
    }
}
