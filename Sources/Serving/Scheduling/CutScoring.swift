import DIEN
import Synchronization
import Tensors

/// A large request whose candidates several threads score, each taking the next part when it is done with one. The thread
/// that finishes the last part goes on with the answer: no other one has to be woken for it.
final class CutScoring: Sendable {
    /// What is done with the scores, by the thread that finished them.
    typealias Completion = @Sendable (Result<Scores, ScoringError>, inout Workspace) -> Void

    /// Candidates times behaviours from which it is worth waking another thread: about a millisecond's work.
    static let leastPairs = 2000
    /// Candidates of a part: half of what goes through an attention GRU together, so that threads end near each other.
    static let partCandidates = Kernels.candidateRows / 2

    private struct Results {
        /// One a part.
        var parts: [ScoredCandidates]
        var error: ScoringError?
    }

    /// Positions of the candidates.
    let parts: [Range<Int>]
    private let network: Model
    private let input: ResolvedInput
    private let user: UserState
    private let topAttention: Int
    /// When what is not begun yet is given up; nil: never.
    private let end: ContinuousClock.Instant?
    private let completion: Completion
    private let next = Atomic<Int>(0)
    private let remaining: Atomic<Int>
    private let results: Mutex<Results>

    /// Whether a request is worth cutting.
    static func isLarge(_ input: ResolvedInput) -> Bool {
        let count = input.candidateCount
        return count > partCandidates && count * max(input.historyLength, 1) >= leastPairs
    }

    /// A large request, none of whose parts is begun.
    init(
        _ network: Model, _ input: ResolvedInput, _ user: UserState, topAttention: Int,
        until end: ContinuousClock.Instant? = nil, completion: @escaping Completion
    ) {
        let count = input.candidateCount
        let size = end == nil ? Self.partCandidates : network.partCandidates(steps: user.steps)
        parts = stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) }
        self.network = network
        self.input = input
        self.user = user
        self.topAttention = topAttention
        self.end = end
        self.completion = completion
        remaining = Atomic(parts.count)
        results = Mutex(Results(parts: [ScoredCandidates](repeating: ScoredCandidates(), count: parts.count)))
    }

    /// Scores parts until there are none left to begin, and answers where it finished the last one.
    func work(_ workspace: inout Workspace) {
        while true {
            let part = next.add(1, ordering: .relaxed).oldValue
            guard part < parts.count else { return }
            do throws(ScoringError) {
                try end?.checkNotReached()
                let scored = try network.score(
                    input, parts[part], of: user, topAttention: topAttention, &workspace)
                results.withLock { $0.parts[part] = scored }
            } catch {
                results.withLock { $0.error = $0.error ?? error }
            }
            if remaining.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 {
                completion(Result { () throws(ScoringError) in try scores() }, &workspace)
            }
        }
    }

    /// The answer, once every part is done.
    private func scores() throws(ScoringError) -> Scores {
        let results = results.withLock { $0 }
        if let error = results.error { throw error }
        var all = ScoredCandidates()
        for scored in results.parts { all.append(scored) }
        return all.scores(of: input)
    }
}
