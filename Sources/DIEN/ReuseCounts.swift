/// What came of keeping what was computed from one request to the next, and what is held, at a moment.
public struct ReuseCounts: Sendable, Equatable {
    /// Lookups of what was there.
    public var hits: UInt64 = 0
    /// Lookups of states of users that went on from one that was there.
    public var extensions: UInt64 = 0
    /// Lookups of what had to be computed.
    public var misses: UInt64 = 0
    /// What had to leave for others.
    public var evictions: UInt64 = 0
    /// States or candidates that are held.
    public var held: UInt64 = 0
    /// Bytes that they take.
    public var bytes: UInt64 = 0

    /// The counts of both.
    static func + (left: ReuseCounts, right: ReuseCounts) -> ReuseCounts {
        ReuseCounts(
            hits: left.hits + right.hits, extensions: left.extensions + right.extensions,
            misses: left.misses + right.misses, evictions: left.evictions + right.evictions,
            held: left.held + right.held, bytes: left.bytes + right.bytes)
    }
}
