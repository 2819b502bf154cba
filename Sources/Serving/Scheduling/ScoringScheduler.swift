import DIEN
import Files
import GRPC
import Synchronization

/// The threads that score: one for each processor that the process may use, each with its workspace.
///
/// One request is one thread's work. Small ones are taken together when, and only when, they have had to wait; a large one
/// is cut over the threads that are idle. Scores have the same bits in every case.
final class ScoringScheduler: Sendable {
    /// What is computed for calls, by one thread.
    protocol Work: Sendable {
        /// Does calls, one or several small ones together.
        func perform(_ jobs: [RankingJob], _ scheduler: ScoringScheduler, _ workspace: inout Workspace)
        /// Answers a call whose deadline passed while it waited.
        func expire(_ job: RankingJob)
    }

    /// How many small jobs are taken together.
    static let batchLimit = 16

    private struct State {
        var queue: JobQueue<RankingJob>
        /// Requests that were cut, for whoever has time.
        var cuts: [CutScoring] = []
        var isStopping = false
    }

    /// Threads.
    let threads: Int
    private let state: Mutex<State>
    private let waiting = Semaphore()
    private let idle = Atomic<Int>(0)
    private let queued = Atomic<Int>(0)
    /// Scores copies of requests, on what these threads leave.
    let shadows = ShadowScorer()
    private let batches = Atomic<UInt64>(0)
    private let batched = Atomic<UInt64>(0)
    private let cutCount = Atomic<UInt64>(0)
    private let refusals = Atomic<UInt64>(0)

    /// - Parameters:
    ///   - processors: what the process may use.
    ///   - queueLimit: how many calls may wait.
    init(_ processors: Processors, queueLimit: Int) {
        threads = processors.count
        state = Mutex(State(queue: JobQueue(limit: queueLimit)))
    }

    /// Starts the threads. A thread has a processor of its own where the process has no more of them than threads;
    /// otherwise other processes may do the same, and the system knows better.
    func start(_ processors: Processors, _ work: some Work) -> Bool {
        let areOwn = processors.allowed.count == threads
        guard
            (0..<threads).allSatisfy({ index in
                DedicatedThread.start(on: areOwn ? processors.allowed[index] : nil) { self.run(work) }
            })
        else { return false }
        shadows.start(threads: max(1, threads / 2)) { self.load }
        return true
    }

    /// Ends the threads, each after what it does now. Calls that wait are dropped.
    func stop() {
        shadows.stop()
        state.withLock { $0.isStopping = true }
        for _ in 0..<threads { waiting.signal() }
    }

    /// Puts a call into the queue; throws RESOURCE_EXHAUSTED where it is full.
    func submit(_ job: RankingJob) throws(RPCError) {
        let entry = JobQueue.Entry(job, deadline: job.context.deadline, isSmall: job.isSmall)
        let (isTaken, limit) = state.withLock { state in
            let isTaken = state.queue.add(entry)
            queued.store(state.queue.count, ordering: .relaxed)
            return (isTaken, state.queue.limit)
        }
        guard isTaken else {
            refusals.add(1, ordering: .relaxed)
            throw RPCError(
                code: .resourceExhausted,
                message: "the server is overloaded: \(limit) requests wait already; try another replica")
        }
        waiting.signal()
    }

    /// How many threads have nothing to do at this moment.
    var idleThreads: Int { idle.load(ordering: .relaxed) }

    /// What the threads are doing, without a lock.
    var load: SpareCapacity.Load {
        SpareCapacity.Load(idleThreads: idleThreads, waiting: queued.load(ordering: .relaxed))
    }

    /// Works on a request that was cut, with as many idle threads as it has parts for; returns when all parts are done.
    func share(_ cut: CutScoring, _ workspace: inout Workspace) {
        let helpers = min(idleThreads, cut.parts.count - 1)
        if helpers > 0 {
            cutCount.add(1, ordering: .relaxed)
            state.withLock { $0.cuts += repeatElement(cut, count: helpers) }
            for _ in 0..<helpers { waiting.signal() }
        }
        cut.work(&workspace)
        cut.waitForOthers()
        if helpers > 0 { state.withLock { $0.cuts.removeAll { $0 === cut } } }
    }

    private enum Task {
        case cut(CutScoring)
        case jobs([JobQueue<RankingJob>.Entry])
        case stop
    }

    private func run(_ work: some Work) {
        var workspace = Workspace()
        while true {
            idle.add(1, ordering: .relaxed)
            waiting.wait()
            idle.subtract(1, ordering: .relaxed)
            switch next() {
            case .stop: return
            case .cut(let cut): cut.work(&workspace)
            case .jobs(let entries): perform(entries, work, &workspace)
            }
        }
    }

    /// A cut request goes first: somebody waits for its parts already. Nobody takes a second job from an idle thread.
    private func next() -> Task {
        let most = idleThreads > 0 ? 1 : Self.batchLimit
        return state.withLock { state in
            if state.isStopping { return .stop }
            if let cut = state.cuts.popLast() { return .cut(cut) }
            let entries = state.queue.take(atMost: most)
            queued.store(state.queue.count, ordering: .relaxed)
            return .jobs(entries)
        }
    }

    private func perform(
        _ entries: [JobQueue<RankingJob>.Entry], _ work: some Work, _ workspace: inout Workspace
    ) {
        let now = ContinuousClock.now
        var jobs: [RankingJob] = []
        for entry in entries {
            if let deadline = entry.deadline, deadline.hasPassed(at: now) {
                work.expire(entry.job)
            } else {
                jobs.append(entry.job)
            }
        }
        if jobs.count > 1 {
            batches.add(1, ordering: .relaxed)
            batched.add(UInt64(jobs.count), ordering: .relaxed)
        }
        if !jobs.isEmpty { work.perform(jobs, self, &workspace) }
    }

    /// What it has done, and what waits.
    struct Counts: Sendable {
        let threads, waiting: Int
        let batches, batched, cut, refused: UInt64
    }

    var counts: Counts {
        Counts(
            threads: threads, waiting: state.withLock { $0.queue.count },
            batches: batches.load(ordering: .relaxed), batched: batched.load(ordering: .relaxed),
            cut: cutCount.load(ordering: .relaxed), refused: refusals.load(ordering: .relaxed))
    }
}
