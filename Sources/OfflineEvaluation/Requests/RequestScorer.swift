internal import DIEN
internal import Foundation
internal import Synchronization

/// Scores recorded requests by the engine that serves, on all cores.
struct RequestScorer {
    /// What a model says of one request.
    struct Outcome: Sendable {
        let probabilities: [Float]
        /// The share of the request's identifiers that the model does not know.
        let unknownShare: Float
    }

    /// What the cores share: the next request to take, and what came of each.
    private final class Work: Sendable {
        let next = Atomic(0)
        let done = Atomic(0)
        let outcomes: Mutex<[Outcome?]>

        init(count: Int) { outcomes = Mutex([Outcome?](repeating: nil, count: count)) }
    }

    let model: NamedModel
    let requests: [RecordedRequests.Request]

    /// One a request; nil where the model cannot score it, as one that lacks a feature. `progress` is told of requests done, on
    /// any thread.
    func outcomes(progress: @Sendable (_ done: Int, _ total: Int) -> Void) async -> [Outcome?] {
        let work = Work(count: requests.count)
        let cores = ProcessInfo.processInfo.activeProcessorCount
        await withoutActuallyEscaping(progress) { progress in
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<cores { group.addTask { take(of: work, progress) } }
            }
        }
        return work.outcomes.withLock { $0 }
    }

    private func take(of work: Work, _ progress: @Sendable (Int, Int) -> Void) {
        while !Task.isCancelled {
            let index = work.next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard index < requests.count else { return }
            let outcome = outcome(of: requests[index].input)
            work.outcomes.withLock { $0[index] = outcome }
            progress(work.done.wrappingAdd(1, ordering: .relaxed).newValue, requests.count)
        }
    }

    private func outcome(of input: RankingInput) -> Outcome? {
        guard let scores = try? model.model.score(input) else { return nil }
        let sent = [input.profile, input.candidates, input.context].joined().reduce(0) {
            $0 + $1.values.count
        }
        let used = sent + scores.historyLength * input.history.count
        let unknown = scores.unknownIDs.reduce(0) { $0 + $1.count }
        return Outcome(
            probabilities: scores.probabilities, unknownShare: Float(unknown) / Float(max(used, 1)))
    }
}
