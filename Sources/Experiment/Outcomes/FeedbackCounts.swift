/// What became of the events that were reported.
public struct FeedbackCounts: Sendable, Equatable, Codable {
    /// Counted.
    public var accepted: UInt64
    /// Not counted: the attribution window is over.
    public var late: UInt64
    /// Not counted: the request is from the future.
    public var early: UInt64
    /// Not counted: nothing that was served, by the signature or by what it names.
    public var unmatched: UInt64
    /// Not counted: it was before.
    public var duplicate: UInt64
    /// Not counted: it cannot be.
    public var invalid: UInt64

    /// Counts.
    public init(
        accepted: UInt64 = 0, late: UInt64 = 0, early: UInt64 = 0, unmatched: UInt64 = 0,
        duplicate: UInt64 = 0, invalid: UInt64 = 0
    ) {
        self.accepted = accepted
        self.late = late
        self.early = early
        self.unmatched = unmatched
        self.duplicate = duplicate
        self.invalid = invalid
    }

    /// The counts of both. Modulo 2^64: a peer's counts are its word.
    public static func + (left: FeedbackCounts, right: FeedbackCounts) -> FeedbackCounts {
        FeedbackCounts(
            accepted: left.accepted &+ right.accepted, late: left.late &+ right.late,
            early: left.early &+ right.early, unmatched: left.unmatched &+ right.unmatched,
            duplicate: left.duplicate &+ right.duplicate, invalid: left.invalid &+ right.invalid)
    }
}
