internal import Tensors

/// Why a model scores as it does: which behaviours each candidate's score looks at, and how the interest moves.
public struct Explanation: Sendable, Equatable {
    /// One candidate.
    public struct Candidate: Sendable, Equatable {
        /// The probability of a click, the bits that `score` gives.
        public let probability: Float
        /// The attention on each behaviour that was used, the oldest first; adds up to 1. Empty where the architecture
        /// has no attention, and without history.
        public let attention: [Float]
        /// The state of the evolving interest after each of those behaviours, H wide, from a zero state. Empty where no
        /// second GRU runs over the history.
        public let states: [[Float]]

        /// How far each behaviour moved that state, the Euclidean length of the step.
        public var stateChanges: [Float] {
            var before = [Float](repeating: 0, count: states.first?.count ?? 0)
            return states.map { state in
                defer { before = state }
                return zip(state, before).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
            }
        }
    }

    /// How many behaviours were used, T.
    public let historyLength: Int
    /// Their identifiers, as the request gave them: the last T of each column.
    public let history: [FeatureColumn]
    /// In the order of the request.
    public let candidates: [Candidate]
    /// Columns with identifiers that the model does not know.
    public let unknownIDs: [UnknownIDs]
}

extension Model {
    /// Scores and tells why. Takes T times as long as ``score(_:)-(RankingInput)`` and is not meant for serving.
    public func explain(_ input: RankingInput) throws(ScoringError) -> Explanation {
        let resolved = try resolver.resolve(input)
        return Explanation(
            historyLength: resolved.history.count,
            history: input.history.map { $0.last(resolved.history.count) },
            candidates: try explain(resolved), unknownIDs: resolved.unknownIDs)
    }

    /// The same of rows of embedding tables; precondition as in ``score(_:)-(RankingRows)``.
    public func explain(_ rows: RankingRows) throws(ScoringError) -> [Explanation.Candidate] {
        try explain(resolved(rows))
    }

    private func explain(_ input: ResolvedInput) throws(ScoringError) -> [Explanation.Candidate] {
        try workspaces.borrow { workspace throws(ScoringError) in
            let state = plan.state(of: input.history, &workspace)
            let probabilities = try plan.probabilities(input, of: state, &workspace)
            return probabilities.indices.map { n in
                plan.score([BlockPart(input: input, candidates: n..<n + 1, user: state)], &workspace)
                return Explanation.Candidate(
                    probability: probabilities[n], attention: workspace.attention.rowElements()[0],
                    states: plan.interest.trace(state, plan.kernels, &workspace))
            }
        }
    }
}

extension Interest {
    /// The states of the interest as it evolves towards the candidate of `workspace.attention` [1, T], one a step; none
    /// where nothing evolves.
    func trace(_ state: UserState, _ kernels: Kernels, _ workspace: inout Workspace) -> [[Float]] {
        guard case .evolving(_, let evolution) = self else { return [] }
        return evolution.trace(state, kernels, &workspace)
    }
}

extension FeatureColumn {
    /// Its last values.
    fileprivate func last(_ count: Int) -> FeatureColumn {
        switch values {
        case .ids(let ids): FeatureColumn(name: name, values: .ids(ids.suffix(count)))
        case .strings(let strings): FeatureColumn(name: name, values: .strings(strings.suffix(count)))
        }
    }
}
