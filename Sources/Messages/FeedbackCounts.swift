import CMessages

/// What became of events of feedback: `dien.v1.FeedbackCounts`.
public struct FeedbackCounts: ProtobufMessage {
    /// Counted.
    public var accepted: UInt64
    /// Not counted: the attribution window is over.
    public var late: UInt64
    /// Not counted: the request is from the future.
    public var early: UInt64
    /// Not counted: nothing that this server served.
    public var unmatched: UInt64
    /// Not counted: it was before.
    public var duplicate: UInt64
    /// Not counted: it cannot be.
    public var invalid: UInt64

    /// A message of these parts.
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

    /// Decodes a `dien.v1.FeedbackCounts`.
    public init(serialized bytes: RawSpan) throws(MessageError) { self = try unsafe Self.decode(bytes) }

    /// Encodes a `dien.v1.FeedbackCounts`.
    public func serialized() -> [UInt8] { unsafe encode() }
}

extension FeedbackCounts: @unsafe CMessage {
    static let descriptor = unsafe MessageDescriptor(of: dien__v1__feedback_counts__init)

    init(copying message: Dien__V1__FeedbackCounts) throws(MessageError) {
        unsafe self.init(
            accepted: message.accepted, late: message.late, early: message.early,
            unmatched: message.unmatched, duplicate: message.duplicate, invalid: message.invalid)
    }

    func fill(_ message: inout Dien__V1__FeedbackCounts, in arena: Arena) {
        unsafe message.accepted = accepted
        unsafe message.late = late
        unsafe message.early = early
        unsafe message.unmatched = unmatched
        unsafe message.duplicate = duplicate
        unsafe message.invalid = invalid
    }
}
