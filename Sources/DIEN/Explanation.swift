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
        let probabilities = try probabilities(input)
        let pass = plan.forward(input)
        let attention = pass.interest.attention.rowElements()
        let states = plan.interest.trace(pass.interest, kernels)
        return probabilities.indices.map { n in
            Explanation.Candidate(
                probability: probabilities[n], attention: attention[n],
                states: states.isEmpty ? [] : states[n])
        }
    }
}

extension Interest {
    /// The states of the evolving interest, [T, H] a candidate; none where nothing evolves.
    func trace(_ pass: borrowing InterestPass, _ kernels: Kernels) -> [[[Float]]] {
        guard case .evolving(_, let evolution) = self else { return [] }
        return evolution.trace(pass.states, attention: pass.attention, kernels)
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
