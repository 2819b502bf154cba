/// Requests that wait for spare capacity, in the order in which they came. A value that decides; it holds few, and none for
/// long, so that it keeps neither memory nor versions that have left.
struct ShadowQueue<Job: Sendable>: Sendable {
    private struct Entry: Sendable {
        let job: Job
        let added: ContinuousClock.Instant
    }

    /// The most that wait.
    let limit: Int
    /// The longest that one waits.
    let longestWait: Duration
    private var entries: [Entry] = []

    init(limit: Int = 64, longestWait: Duration = .milliseconds(500)) {
        self.limit = limit
        self.longestWait = longestWait
    }

    var count: Int { entries.count }

    /// Adds a job, unless the queue is full: those that came before are nearer to their turn.
    mutating func add(_ job: Job, at now: ContinuousClock.Instant) -> Bool {
        guard entries.count < limit else { return false }
        entries.append(Entry(job: job, added: now))
        return true
    }

    /// Takes out what has waited too long.
    mutating func removeStale(at now: ContinuousClock.Instant) -> [Job] {
        let fresh = entries.firstIndex { now - $0.added <= longestWait } ?? entries.count
        defer { entries.removeFirst(fresh) }
        return entries.prefix(fresh).map(\.job)
    }

    /// The job that has waited longest.
    mutating func take() -> Job? {
        entries.isEmpty ? nil : entries.removeFirst().job
    }
}
