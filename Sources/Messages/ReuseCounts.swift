import CMessages

/// What came of keeping what was computed from one request to the next: `dien.v1.ReuseCounts`.
public struct ReuseCounts: ProtobufMessage {
    /// It was there.
    public var hits: UInt64 = 0
    /// What it begins with was there, and went on.
    public var extensions: UInt64 = 0
    /// It had to be computed from nothing.
    public var misses: UInt64 = 0
    /// It left for others.
    public var evictions: UInt64 = 0
    /// How many are held.
    public var held: UInt64 = 0
    /// Memory that they take.
    public var bytes: UInt64 = 0

    /// Nothing was looked for yet.
    public init() {}

    /// Decodes a `dien.v1.ReuseCounts`.
    public init(serialized bytes: RawSpan) throws(MessageError) { self = try unsafe Self.decode(bytes) }

    /// Encodes a `dien.v1.ReuseCounts`.
    public func serialized() -> [UInt8] { unsafe encode() }
}

extension ReuseCounts: @unsafe CMessage {
    static let descriptor = unsafe MessageDescriptor(of: dien__v1__reuse_counts__init)

    init(copying message: Dien__V1__ReuseCounts) {
        self.init()
        hits = unsafe message.hits
        extensions = unsafe message.extensions
        misses = unsafe message.misses
        evictions = unsafe message.evictions
        held = unsafe message.held
        bytes = unsafe message.bytes
    }

    func fill(_ message: inout Dien__V1__ReuseCounts, in arena: Arena) {
        unsafe message.hits = hits
        unsafe message.extensions = extensions
        unsafe message.misses = misses
        unsafe message.evictions = evictions
        unsafe message.held = held
        unsafe message.bytes = bytes
    }
}
