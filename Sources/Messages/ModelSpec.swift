import CMessages

/// Which version of which model shall answer: `dien.v1.ModelSpec`.
public struct ModelSpec: ProtobufMessage {
    /// The model's name; empty where the server serves exactly one.
    public var name: String
    /// A version by number, from 1; 0 leaves it to the alias.
    public var version: UInt64
    /// A version by alias; empty with version 0 means `champion`.
    public var alias: String

    /// A specification of these parts.
    public init(name: String = "", version: UInt64 = 0, alias: String = "") {
        self.name = name
        self.version = version
        self.alias = alias
    }

    /// Decodes a `dien.v1.ModelSpec`.
    public init(serialized bytes: RawSpan) throws(MessageError) { self = try unsafe Self.decode(bytes) }

    /// Encodes a `dien.v1.ModelSpec`.
    public func serialized() -> [UInt8] { unsafe encode() }
}

extension ModelSpec: @unsafe CMessage {
    static let descriptor = unsafe MessageDescriptor(of: dien__v1__model_spec__init)

    init(copying message: Dien__V1__ModelSpec) throws(MessageError) {
        unsafe self.init(name: text(message.name), version: message.version, alias: text(message.alias))
    }

    func fill(_ message: inout Dien__V1__ModelSpec, in arena: Arena) {
        unsafe message.name = unsafe arena.copy(name)
        unsafe message.version = version
        unsafe message.alias = unsafe arena.copy(alias)
    }
}
