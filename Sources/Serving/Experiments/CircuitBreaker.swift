/// Whether a version that may fail is asked at all (Nygard, Release It!, 2018, chapter 5): closed, it is; open, it is not;
/// half open, one request at a time tries it. A value that decides by the times that it is given; `ExperimentWatch` acts.
struct CircuitBreaker: Sendable, Equatable {
    /// When it opens and closes.
    struct Policy: Sendable, Equatable {
        /// So many faults open it…
        var faults = 5
        /// …among so many of the last requests.
        var window = 100
        /// From opening to the first request that tries again; doubled with each time that it opens anew.
        var firstPause = Duration.seconds(1)
        /// The longest such pause.
        var longestPause = Duration.seconds(60)
        /// So many requests, one after the other, have to go well before it closes.
        var probes = 10
    }

    enum Phase: String, Sendable, CaseIterable {
        case closed
        case open
        case halfOpen = "half_open"
    }

    /// The right to ask the version once. It is given back by `record` or by `withdraw`.
    struct Admission: Sendable, Equatable {
        fileprivate let generation: UInt64
    }

    let policy: Policy
    private(set) var phase = Phase.closed
    /// The last requests, true for a fault: a ring.
    private var recent: [Bool] = []
    private var oldest = 0
    private(set) var faults = 0
    /// How often it has opened since it last was closed for a whole window.
    private(set) var openings = 0
    private var reopens: ContinuousClock.Instant?
    private var isProbing = false
    private var passed = 0
    /// Changes with the phase: what was admitted in a phase before has no say in this one.
    private var generation: UInt64 = 0

    init(_ policy: Policy = Policy()) { self.policy = policy }

    /// Whether the version is asked now; nil: it is not.
    mutating func admit(at now: ContinuousClock.Instant) -> Admission? {
        if phase == .open, let reopens, now >= reopens { enter(.halfOpen) }
        switch phase {
        case .open: return nil
        case .halfOpen:
            guard !isProbing else { return nil }
            isProbing = true
        case .closed: break
        }
        return Admission(generation: generation)
    }

    /// What became of a request that was admitted.
    ///
    /// - Returns: the phase that this led to, where it is another one.
    mutating func record(
        _ admission: Admission, isFault: Bool, at now: ContinuousClock.Instant
    ) -> Phase? {
        guard admission.generation == generation else { return nil }
        switch phase {
        case .open: return nil
        case .closed:
            count(isFault)
            if faults >= policy.faults { return open(at: now) }
            if recent.count == policy.window { openings = 0 }
            return nil
        case .halfOpen:
            isProbing = false
            if isFault { return open(at: now) }
            passed += 1
            guard passed >= policy.probes else { return nil }
            enter(.closed)
            return .closed
        }
    }

    /// Gives an admission back that came to nothing: the request was the caller's mistake.
    mutating func withdraw(_ admission: Admission) {
        if admission.generation == generation { isProbing = false }
    }

    private mutating func open(at now: ContinuousClock.Instant) -> Phase {
        var pause = policy.firstPause
        for _ in 0..<openings where pause < policy.longestPause { pause *= 2 }
        reopens = now + min(pause, policy.longestPause)
        openings += 1
        enter(.open)
        return .open
    }

    private mutating func enter(_ next: Phase) {
        phase = next
        generation += 1
        (isProbing, passed) = (false, 0)
        if next == .closed { (recent, oldest, faults) = ([], 0, 0) }
    }

    private mutating func count(_ isFault: Bool) {
        faults += isFault ? 1 : 0
        guard recent.count == policy.window else {
            recent.append(isFault)
            return
        }
        faults -= recent[oldest] ? 1 : 0
        recent[oldest] = isFault
        oldest = (oldest + 1) % policy.window
    }
}
