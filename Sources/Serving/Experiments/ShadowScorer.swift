import DIEN
import Experiment
import Files
import Synchronization

/// Scores copies of requests on processor time that nobody else wants: on threads of the system's idle class, which every
/// other thread displaces at once, and only while the scoring threads have fewer callers than they could take.
///
/// No lock of it is ever waited for by a thread that serves.
final class ShadowScorer: Sendable {
    private let queue = Mutex(ShadowQueue<ShadowJob>())
    private let capacity = Mutex(SpareCapacity())
    private let waiting = Semaphore()
    private let running = Atomic<Int>(0)
    private let threads = Atomic<Int>(0)
    private let isStopping = Atomic(false)

    /// How long a job that has no spare capacity waits until it looks again, in nanoseconds.
    private static let lookAgain: UInt64 = 1_000_000

    /// Starts up to `count` threads; fewer where the system gives no more.
    ///
    /// - Parameter load: what the scoring threads are doing.
    func start(threads count: Int, load: @escaping @Sendable () -> SpareCapacity.Load) {
        for _ in 0..<count {
            guard DedicatedThread.start({ self.run(load) }) else { return }
            threads.add(1, ordering: .relaxed)
        }
    }

    /// Ends the threads, each within a part of what it scores. What waits is dropped.
    func stop() {
        isStopping.store(true, ordering: .relaxed)
        for _ in 0..<threads.load(ordering: .relaxed) { waiting.signal() }
    }

    /// Takes a copy of a request that was answered just now, or counts why not. Never waits.
    func offer(_ job: ShadowJob, _ load: SpareCapacity.Load) {
        guard load.waiting == 0 else { return job.pair.countDrop(.load) }
        let now = ContinuousClock.now
        let taken = queue.withLockIfAvailable { queue in
            (stale: queue.removeStale(at: now), isAdded: queue.add(job, at: now))
        }
        for stale in taken?.stale ?? [] { stale.pair.countDrop(.stale) }
        switch taken?.isAdded {
        case true?: waiting.signal()
        case false?: job.pair.countDrop(.queueFull)
        case nil: job.pair.countDrop(.load)
        }
    }

    private func run(_ load: @Sendable () -> SpareCapacity.Load) {
        ThreadPriority.useIdleTimeOnly()
        var workspace = Workspace()
        while true {
            waiting.wait()
            while let job = next(load) {
                guard !isStopping.load(ordering: .relaxed) else { return }
                score(job, load, &workspace)
                running.subtract(1, ordering: .relaxed)
            }
            if isStopping.load(ordering: .relaxed) { return }
        }
    }

    /// The next job, counted as running, once there is capacity for it; nil where none waits.
    private func next(_ load: @Sendable () -> SpareCapacity.Load) -> ShadowJob? {
        while !isStopping.load(ordering: .relaxed) {
            let now = ContinuousClock.now
            let (stale, count) = queue.withLock { ($0.removeStale(at: now), $0.count) }
            for job in stale { job.pair.countDrop(.stale) }
            guard count > 0 else { return nil }
            let before = running.add(1, ordering: .relaxed).oldValue
            if capacity.withLock({ $0.mayBegin(load(), running: before, at: now) }),
                let job = queue.withLock({ $0.take() })
            {
                return job
            }
            running.subtract(1, ordering: .relaxed)
            MonotonicClock.sleep(nanoseconds: Self.lookAgain)
        }
        return nil
    }

    private func score(
        _ job: ShadowJob, _ load: @Sendable () -> SpareCapacity.Load, _ workspace: inout Workspace
    ) {
        let number = job.pair.begin()
        let start = ContinuousClock.now
        let begin = ProcessorTime.ofThread()
        let result = job.compared(number: number, &workspace) { () throws(ScoringError) in
            let now = ContinuousClock.now
            let used = Duration.nanoseconds(Int64(ProcessorTime.ofThread() - begin))
            let goesOn = capacity.withLock {
                $0.mayGoOn(load(), elapsed: start.duration(to: now), processorTime: used, at: now)
            }
            guard goesOn, !isStopping.load(ordering: .relaxed) else { throw .abandoned }
        }
        switch result {
        case nil: job.pair.countDrop(.load)
        case let found?: job.pair.add(found, to: job.segments)
        }
    }
}

extension ShadowJob {
    /// Scores the request with the candidate and compares; nil where `goOn` gave it up.
    ///
    /// Of a request that is timed the champion scores it again, so that both do the same work: from the first behaviour on,
    /// without states of users that were kept, alone, on one thread, in its processor time, first and second in turns. What
    /// stays is that the champion's rows are likelier to be in the processor's caches.
    func compared(
        number: UInt64, _ workspace: inout Workspace, asking goOn: () throws(ScoringError) -> Void
    ) -> ShadowComparison? {
        var found = ShadowComparison()
        do throws(ScoringError) {
            let resolved = try shadow.servable.network.resolve(columns)
            let isTimed = number % ShadowPair.timedPeriod == 0
            let isSecond = number / ShadowPair.timedPeriod % 2 == 1
            var championSeconds = isTimed && !isSecond ? try seconds(&workspace, goOn) : nil
            let (scored, candidateSeconds) = try scored(shadow.servable, resolved, &workspace, goOn)
            if isTimed, isSecond { championSeconds = try seconds(&workspace, goOn) }
            guard !shadow.servable.network.isDamaged else { throw .abandoned }
            found.add(
                champion: scores.probabilities, candidate: scored.probabilities,
                championSeconds: championSeconds ?? 0,
                candidateSeconds: championSeconds == nil ? 0 : candidateSeconds)
        } catch {
            switch error {
            case .abandoned where !shadow.servable.network.isDamaged: return nil
            case .nonFinite: found.addFailure(isNonFinite: true)
            default: found.addFailure()
            }
        }
        return found
    }

    /// What the champion takes for it; nil where it fails now, which is not for a comparison to say.
    private func seconds(
        _ workspace: inout Workspace, _ goOn: () throws(ScoringError) -> Void
    ) throws(ScoringError) -> Double? {
        do throws(ScoringError) { return try scored(champion, input, &workspace, goOn).seconds } catch {
            if error == .abandoned { throw error }
            return nil
        }
    }

    private func scored(
        _ servable: Servable, _ input: ResolvedInput, _ workspace: inout Workspace,
        _ goOn: () throws(ScoringError) -> Void
    ) throws(ScoringError) -> (scores: Scores, seconds: Double) {
        let begin = ProcessorTime.ofThread()
        let outcome = servable.network.score([BatchedRequest(input)], in: nil, &workspace, asking: goOn)[0]
        let nanoseconds = ProcessorTime.ofThread() - begin
        return (try outcome.scores.get(), Double(nanoseconds) / 1e9)
    }
}
