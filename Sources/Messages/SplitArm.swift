import CMessages

/// One of the versions that an experiment compares: `dien.v1.SplitArm`.
public struct SplitArm: ProtobufMessage {
    /// The name.
    public var name: String
    /// The version it stands for.
    public var version: UInt64
    /// The version that answers for it in this server; 0 while the champion does.
    public var servingVersion: UInt64
    /// Its part of the enrolled units, relative to the other arms' weights.
    public var weight: UInt32

    /// An arm of these parts.
    public init(name: String, version: UInt64, servingVersion: UInt64, weight: UInt32) {
        self.name = name
        self.version = version
        self.servingVersion = servingVersion
        self.weight = weight
    }

    /// Decodes a `dien.v1.SplitArm`.
    public init(serialized bytes: RawSpan) throws(MessageError) { self = try unsafe Self.decode(bytes) }

    /// Encodes a `dien.v1.SplitArm`.
    public func serialized() -> [UInt8] { unsafe encode() }
}

extension SplitArm: @unsafe CMessage {
    static let descriptor = unsafe MessageDescriptor(of: dien__v1__split_arm__init)

    init(copying message: Dien__V1__SplitArm) throws(MessageError) {
        unsafe self.init(
            name: text(message.name), version: message.version, servingVersion: message.serving_version,
            weight: message.weight)
    }

    func fill(_ message: inout Dien__V1__SplitArm, in arena: Arena) {
        unsafe message.name = unsafe arena.copy(name)
        unsafe message.version = version
        unsafe message.serving_version = servingVersion
        unsafe message.weight = weight
    }
}
