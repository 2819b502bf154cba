import CMessages

/// One model of the registry: `dien.v1.ModelStatus`.
public struct ModelStatus: ProtobufMessage {
    /// The model's name.
    public var name: String
    /// Its aliases, by name.
    public var aliases: [ModelAlias]
    /// Its versions, by number.
    public var versions: [VersionStatus]
    /// The experiment on its traffic; nil: none.
    public var split: TrafficSplit?

    /// A status of these parts.
    public init(
        name: String, aliases: [ModelAlias] = [], versions: [VersionStatus] = [], split: TrafficSplit? = nil
    ) {
        self.name = name
        self.aliases = aliases
        self.versions = versions
        self.split = split
    }

    /// Decodes a `dien.v1.ModelStatus`.
    public init(serialized bytes: RawSpan) throws(MessageError) { self = try unsafe Self.decode(bytes) }

    /// Encodes a `dien.v1.ModelStatus`.
    public func serialized() -> [UInt8] { unsafe encode() }
}

extension ModelStatus: @unsafe CMessage {
    static let descriptor = unsafe MessageDescriptor(of: dien__v1__model_status__init)

    init(copying message: Dien__V1__ModelStatus) throws(MessageError) {
        self.init(
            name: unsafe text(message.name),
            aliases: try unsafe messages(message.aliases, message.n_aliases, field: "aliases"),
            versions: try unsafe messages(message.versions, message.n_versions, field: "versions"))
        if let split = unsafe message.split { self.split = try unsafe TrafficSplit(copying: split.pointee) }
    }

    func fill(_ message: inout Dien__V1__ModelStatus, in arena: Arena) {
        unsafe message.name = unsafe arena.copy(name)
        unsafe message.n_aliases = aliases.count
        unsafe message.aliases = unsafe arena.copy(aliases)
        unsafe message.n_versions = versions.count
        unsafe message.versions = unsafe arena.copy(versions)
        if let split { unsafe message.split = unsafe split.build(in: arena) }
    }
}
