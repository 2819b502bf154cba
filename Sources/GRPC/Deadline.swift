/// The moment after which nobody waits for the answer any more, on this machine's monotonic clock.
public struct Deadline: Sendable, Hashable {
    /// The moment itself.
    public let instant: ContinuousClock.Instant

    /// A deadline at this moment.
    public init(_ instant: ContinuousClock.Instant) {
        self.instant = instant
    }

    /// The deadline of a call received `now` with this timeout.
    public init(_ timeout: GRPCTimeout, from now: ContinuousClock.Instant = .now) {
        self.init(now + timeout.duration)
    }

    /// A deadline this long from now.
    public static func after(_ duration: Duration) -> Deadline { Deadline(.now + duration) }

    /// What is left at `now`; zero or less when it has passed.
    public func remaining(at now: ContinuousClock.Instant = .now) -> Duration { instant - now }

    /// Whether it has passed at `now`.
    public func hasPassed(at now: ContinuousClock.Instant = .now) -> Bool { instant <= now }

    /// The `grpc-timeout` to send at `now`.
    public func timeout(at now: ContinuousClock.Instant = .now) -> GRPCTimeout {
        GRPCTimeout(remaining(at: now))
    }
}

extension Deadline: Comparable {
    /// Whether the left one comes first.
    public static func < (left: Deadline, right: Deadline) -> Bool { left.instant < right.instant }
}
