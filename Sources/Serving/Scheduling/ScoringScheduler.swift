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
        var idle: IdleThreads
        var isStopping = false
    }

    /// Threads.
    let threads: Int
    private let state: Mutex<State>
    /// Wakes a thread, for each of them.
    private let alarms: [Semaphore]
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
        alarms = (0..<threads).map { _ in Semaphore() }
        state = Mutex(
            State(queue: JobQueue(limit: queueLimit), idle: IdleThreads(processors: Self.places(processors))))
    }

    /// Where each thread is kept: a thread has a processor of its own where the process has no more of them than threads;
    /// otherwise other processes may do the same, and the system knows better.
    private static func places(_ processors: Processors) -> [Int?] {
        let areOwn = processors.allowed.count == processors.count
        return (0..<processors.count).map { areOwn ? processors.allowed[$0] : nil }
    }

    /// Starts the threads.
    func start(_ processors: Processors, _ work: some Work) -> Bool {
        guard
            Self.places(processors).enumerated().allSatisfy({ thread, place in
                DedicatedThread.start(on: place) { self.run(work, thread) }
            })
        else { return false }
        shadows.start(threads: max(1, threads / 2)) { self.load }
        return true
    }

    /// Ends the threads, each after what it does now. Calls that wait are dropped.
    func stop() {
        shadows.stop()
        state.withLock { $0.isStopping = true }
        for alarm in alarms { alarm.signal() }
    }

    /// Puts a call into the queue; throws RESOURCE_EXHAUSTED where it is full.
    func submit(_ job: RankingJob) throws(RPCError) {
        let entry = JobQueue.Entry(job, deadline: job.context.deadline, isSmall: job.isSmall)
        let processor = Processors.currentThreadIsOn
        let (isTaken, thread, limit) = state.withLock { state in
            let isTaken = state.queue.add(entry)
            let thread = isTaken ? state.idle.wake(near: processor) : nil
            publish(state)
            return (isTaken, thread, state.queue.limit)
        }
        guard isTaken else {
            refusals.add(1, ordering: .relaxed)
            throw RPCError(
                code: .resourceExhausted,
                message: "the server is overloaded: \(limit) requests wait already; try another replica")
        }
        if let thread { alarms[thread].signal() }
    }

    /// How many threads have nothing to do at this moment.
    var idleThreads: Int { idle.load(ordering: .relaxed) }

    /// What the threads are doing, without a lock.
    var load: SpareCapacity.Load {
        SpareCapacity.Load(idleThreads: idleThreads, waiting: queued.load(ordering: .relaxed))
    }

    /// Works on a request that was cut, with as many idle threads as it has parts for; returns when there is none left to begin.
    func share(_ cut: CutScoring, _ workspace: inout Workspace) {
        let helpers = state.withLock { state in
            let helpers = state.idle.wake(atMost: cut.parts.count - 1)
            state.cuts += repeatElement(cut, count: helpers.count)
            publish(state)
            return helpers
        }
        if !helpers.isEmpty { cutCount.add(1, ordering: .relaxed) }
        for thread in helpers { alarms[thread].signal() }
        cut.work(&workspace)
        if !helpers.isEmpty { state.withLock { $0.cuts.removeAll { $0 === cut } } }
    }

    /// Numbers that are read without the lock.
    private func publish(_ state: borrowing State) {
        queued.store(state.queue.count, ordering: .relaxed)
        idle.store(state.idle.count, ordering: .relaxed)
    }

    private enum Task {
        case cut(CutScoring)
        case jobs([JobQueue<RankingJob>.Entry])
        case stop
    }

    private func run(_ work: some Work, _ thread: Int) {
        var workspace = Workspace()
        while true {
            switch next(thread) {
            case .stop: return
            case .cut(let cut): cut.work(&workspace)
            case .jobs(let entries): perform(entries, work, &workspace)
            case nil: alarms[thread].wait()
            }
        }
    }

    /// What a thread does next; nil: it sleeps until its alarm. A cut request goes first: somebody waits for its parts already.
    /// Nobody takes a second job from an idle thread, nor more than its share from one that is about to be done.
    private func next(_ thread: Int) -> Task? {
        state.withLock { state in
            if state.isStopping { return .stop }
            if let cut = state.cuts.popLast() { return .cut(cut) }
            let share = min((state.queue.count + threads - 1) / threads, Self.batchLimit)
            let entries = state.queue.take(atMost: state.idle.count > 0 ? 1 : share)
            if entries.isEmpty { state.idle.sleep(thread) }
            publish(state)
            return entries.isEmpty ? nil : .jobs(entries)
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
