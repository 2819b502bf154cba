import CMessages

/// A name for a version: `dien.v1.ModelAlias`.
public struct ModelAlias: ProtobufMessage {
    /// The alias, such as `champion`.
    public var alias: String
    /// The version it stands for.
    public var version: UInt64
    /// The version that answers for it in this server; 0 while none does.
    public var servingVersion: UInt64

    /// An alias of this version, answered by that one.
    public init(alias: String, version: UInt64, servingVersion: UInt64 = 0) {
        self.alias = alias
        self.version = version
        self.servingVersion = servingVersion
    }

    /// Decodes a `dien.v1.ModelAlias`.
    public init(serialized bytes: RawSpan) throws(MessageError) { self = try unsafe Self.decode(bytes) }

    /// Encodes a `dien.v1.ModelAlias`.
    public func serialized() -> [UInt8] { unsafe encode() }
}

extension ModelAlias: @unsafe CMessage {
    static let descriptor = unsafe MessageDescriptor(of: dien__v1__model_alias__init)

    init(copying message: Dien__V1__ModelAlias) throws(MessageError) {
        unsafe self.init(
            alias: text(message.alias), version: message.version, servingVersion: message.serving_version)
    }

    func fill(_ message: inout Dien__V1__ModelAlias, in arena: Arena) {
        unsafe message.alias = unsafe arena.copy(alias)
        unsafe message.version = version
        unsafe message.serving_version = servingVersion
    }
}
