internal import Tensors

/// The results of some candidates of a request, in order.
public struct ScoredCandidates: Sendable {
    /// Their click probabilities.
    public private(set) var probabilities: [Float] = []
    /// What their scores looked at, where that was asked for.
    public private(set) var attention: [AttendedBehaviours] = []

    /// None yet.
    public init() {}

    /// Those that follow.
    public mutating func append(_ other: ScoredCandidates) {
        probabilities += other.probabilities
        attention += other.attention
    }

    /// The answer to their request, once all of its candidates are here.
    public func scores(of input: ResolvedInput) -> Scores {
        Scores(
            probabilities: probabilities, unknownIDs: input.unknownIDs, historyLength: input.history.count,
            attention: attention)
    }

    /// What a block's workspace has of some candidates, from `row` on; throws `nonFinite` alone.
    mutating func append(
        _ candidates: Range<Int>, row: Int, of workspace: borrowing Workspace, steps: Int, topAttention: Int
    ) throws(ScoringError) {
        for n in 0..<candidates.count {
            let probability = workspace.logits[row + n, 0]
            guard probability.isFinite else { throw .nonFinite(candidate: candidates.lowerBound + n) }
            probabilities.append(probability)
            guard topAttention > 0 else { continue }
            attention.append(
                AttendedBehaviours(
                    workspace.attention, row: row + n, steps: steps, count: min(topAttention, steps)))
        }
    }
}
