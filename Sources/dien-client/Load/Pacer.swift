import NIOCore

/// Decides when calls go out. Pure: it is told the time and what has ended, and says what to do now.
///
/// Times are nanoseconds from the begin of the load. Every call has an intended start, which its latency counts from:
/// in an open loop that is the schedule's, however late the call went out because the server or this program was
/// behind. Otherwise a stall would be seen by the few calls that run into it, not by all those that it held up
/// (coordinated omission).
struct Pacer {
    /// What makes calls start.
    enum Source {
        /// So many callers, each of which calls again when it has its answer.
        case callers(Int)
        /// A schedule, with so many calls in progress at most.
        case arrivals(ArrivalSchedule, limit: Int)
    }

    /// What to do now.
    enum Step: Equatable {
        /// Start a call. `lag` is for how long only this program held it up.
        case send(intended: UInt64, lag: UInt64)
        /// Ask again at this time, or when a call has ended.
        case wait(until: UInt64)
        /// Ask again when a call has ended.
        case blocked
        /// Nothing will be sent any more.
        case finished
    }

    /// No call is meant to start from here on.
    private(set) var end: UInt64
    private(set) var inFlight = 0
    private var source: Source
    /// When callers became free, in order; those who failed come later than those who did not.
    private var free: CircularBuffer<UInt64> = []
    private var pausing: CircularBuffer<UInt64> = []
    /// When the limit was last left.
    private var unblocked: UInt64 = 0
    private var isStopped = false

    /// A caller whose call failed waits this long, lest a dead server be called in a tight loop.
    static let pause: UInt64 = 10_000_000
    /// Arrivals that are late at the end of the load are sent for so long; the rest is given up.
    static let grace: UInt64 = 100_000_000

    init(_ source: Source, end: UInt64) {
        self.source = source
        self.end = end
        if case .callers(let count) = source { free.append(contentsOf: repeatElement(0, count: count)) }
    }

    mutating func next(now: UInt64) -> Step {
        guard !isStopped else { return .finished }
        switch source {
        case .callers: return nextCaller(now: now)
        case .arrivals(let schedule, let limit): return nextArrival(schedule, limit: limit, now: now)
        }
    }

    /// A call has ended.
    mutating func ended(now: UInt64, failed: Bool) {
        inFlight -= 1
        switch source {
        case .callers:
            if failed { pausing.append(now + Self.pause) } else { free.append(now) }
        case .arrivals(_, let limit):
            if inFlight == limit - 1 { unblocked = now }
        }
    }

    /// Nothing starts from now on.
    mutating func stop(now: UInt64) {
        isStopped = true
        end = min(end, now)
    }

    /// Gives up what was meant to start before the end and did not: calls `body` with each intended start.
    mutating func giveUp(_ body: (UInt64) -> Void) {
        guard case .arrivals(var schedule, _) = source else { return }
        while schedule.upcoming < end {
            body(schedule.upcoming)
            schedule.advance()
        }
    }

    private mutating func nextCaller(now: UInt64) -> Step {
        let isPausing = pausing.first.map { $0 < free.first ?? .max } ?? false
        guard let intended = isPausing ? pausing.first : free.first else {
            return now < end ? .blocked : .finished
        }
        guard intended < end, now < end else { return .finished }
        guard intended <= now else { return .wait(until: intended) }
        if isPausing { pausing.removeFirst() } else { free.removeFirst() }
        inFlight += 1
        return .send(intended: intended, lag: now - intended)
    }

    private mutating func nextArrival(_ schedule: ArrivalSchedule, limit: Int, now: UInt64) -> Step {
        let intended = schedule.upcoming
        guard intended < end, now < end + Self.grace else { return .finished }
        guard intended <= now else { return .wait(until: intended) }
        guard inFlight < limit else { return .blocked }
        var advanced = schedule
        advanced.advance()
        source = .arrivals(advanced, limit: limit)
        inFlight += 1
        return .send(intended: intended, lag: now - min(now, max(intended, unblocked)))
    }
}
