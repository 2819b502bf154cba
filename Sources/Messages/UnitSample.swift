import CMessages

/// The units that were seen, of those whose hash ends with some zero bits: `dien.v1.UnitSample`.
public struct UnitSample: ProtobufMessage {
    /// How many zero bits.
    public var level: UInt32
    /// Units that there is room for.
    public var capacity: UInt32
    /// Their hashes.
    public var hashes: [UInt64]

    /// A message of these parts.
    public init(
        level: UInt32 = 0, capacity: UInt32 = 0, hashes: [UInt64] = []
    ) {
        self.level = level
        self.capacity = capacity
        self.hashes = hashes
    }

    /// Decodes a `dien.v1.UnitSample`.
    public init(serialized bytes: RawSpan) throws(MessageError) { self = try unsafe Self.decode(bytes) }

    /// Encodes a `dien.v1.UnitSample`.
    public func serialized() -> [UInt8] { unsafe encode() }
}

extension UnitSample: @unsafe CMessage {
    static let descriptor = unsafe MessageDescriptor(of: dien__v1__unit_sample__init)

    init(copying message: Dien__V1__UnitSample) throws(MessageError) {
        unsafe self.init(
            level: message.level, capacity: message.capacity, hashes: column(message.hashes, message.n_hashes)
        )
    }

    func fill(_ message: inout Dien__V1__UnitSample, in arena: Arena) {
        unsafe message.level = level
        unsafe message.capacity = capacity
        unsafe message.n_hashes = hashes.count
        unsafe message.hashes = unsafe arena.copy(hashes)
    }
}
