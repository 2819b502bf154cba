import CMessages

/// How many values of one column the model's vocabulary does not have: `dien.v1.UnknownIDs`.
public struct UnknownIDs: ProtobufMessage {
    /// `profile`, `history`, `candidates` or `context`.
    public var role: String
    /// The feature's name.
    public var feature: String
    /// How many values.
    public var count: UInt32

    /// A count of one column.
    public init(role: String, feature: String, count: UInt32) {
        self.role = role
        self.feature = feature
        self.count = count
    }

    /// Decodes a `dien.v1.UnknownIDs`.
    public init(serialized bytes: RawSpan) throws(MessageError) { self = try unsafe Self.decode(bytes) }

    /// Encodes a `dien.v1.UnknownIDs`.
    public func serialized() -> [UInt8] { unsafe encode() }
}

extension UnknownIDs: @unsafe CMessage {
    static let descriptor = unsafe MessageDescriptor(of: dien__v1__unknown_ids__init)

    init(copying message: Dien__V1__UnknownIDs) throws(MessageError) {
        unsafe self.init(role: text(message.role), feature: text(message.feature), count: message.count)
    }

    func fill(_ message: inout Dien__V1__UnknownIDs, in arena: Arena) {
        unsafe message.role = unsafe arena.copy(role)
        unsafe message.feature = unsafe arena.copy(feature)
        unsafe message.count = count
    }
}
