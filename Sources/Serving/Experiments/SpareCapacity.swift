/// Whether there is processor time that nobody else wants, for work that can be left. A value that decides.
struct SpareCapacity: Sendable, Equatable {
    /// What the scoring threads are doing.
    struct Load: Sendable, Equatable {
        /// Threads that have nothing to do.
        let idleThreads: Int
        /// Callers' jobs that wait for a thread.
        let waiting: Int
    }

    /// Threads may be idle while the machine is not: other programs, or the connections, have it. Work of the lowest priority
    /// then hardly goes on, and that is how one knows: it is starved when `starvation` times its own processor time have
    /// passed, and this long besides.
    static let starvation = 4
    static let patience = Duration.milliseconds(10)
    /// How long nothing is begun after that.
    static let pause = Duration.milliseconds(250)

    private var closedUntil: ContinuousClock.Instant?

    init() {}

    /// Whether work may begin beside `running` that has begun already: there is an idle thread for each, and no caller waits.
    func mayBegin(_ load: Load, running: Int, at now: ContinuousClock.Instant) -> Bool {
        if let closedUntil, now < closedUntil { return false }
        return load.waiting == 0 && load.idleThreads > running
    }

    /// Whether work that has begun goes on: not while callers wait and have every thread, nor where it is starved.
    mutating func mayGoOn(
        _ load: Load, elapsed: Duration, processorTime: Duration, at now: ContinuousClock.Instant
    ) -> Bool {
        if load.waiting > 0, load.idleThreads == 0 { return false }
        guard elapsed > processorTime * Self.starvation + Self.patience else { return true }
        closedUntil = now + Self.pause
        return false
    }
}
