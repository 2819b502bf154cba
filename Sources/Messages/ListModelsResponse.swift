import CMessages

/// What a server serves: `dien.v1.ListModelsResponse`.
public struct ListModelsResponse: ProtobufMessage {
    /// The models, by name.
    public var models: [ModelStatus]
    /// The epoch that the server follows now.
    public var registryEpoch: UInt64
    /// The version of the server program.
    public var serverVersion: String
    /// When the server started, in milliseconds since 1970-01-01T00:00:00Z.
    public var startUnixMilliseconds: UInt64

    /// A response of these parts.
    public init(
        models: [ModelStatus] = [], registryEpoch: UInt64 = 0, serverVersion: String = "",
        startUnixMilliseconds: UInt64 = 0
    ) {
        self.models = models
        self.registryEpoch = registryEpoch
        self.serverVersion = serverVersion
        self.startUnixMilliseconds = startUnixMilliseconds
    }

    /// Decodes a `dien.v1.ListModelsResponse`.
    public init(serialized bytes: RawSpan) throws(MessageError) { self = try unsafe Self.decode(bytes) }

    /// Encodes a `dien.v1.ListModelsResponse`.
    public func serialized() -> [UInt8] { unsafe encode() }
}

extension ListModelsResponse: @unsafe CMessage {
    static let descriptor = unsafe MessageDescriptor(of: dien__v1__list_models_response__init)

    init(copying message: Dien__V1__ListModelsResponse) throws(MessageError) {
        self.init(
            models: try unsafe messages(message.models, message.n_models, field: "models"),
            registryEpoch: unsafe message.registry_epoch, serverVersion: unsafe text(message.server_version),
            startUnixMilliseconds: unsafe message.start_unix_milliseconds)
    }

    func fill(_ message: inout Dien__V1__ListModelsResponse, in arena: Arena) {
        unsafe message.n_models = models.count
        unsafe message.models = unsafe arena.copy(models)
        unsafe message.registry_epoch = registryEpoch
        unsafe message.server_version = unsafe arena.copy(serverVersion)
        unsafe message.start_unix_milliseconds = startUnixMilliseconds
    }
}
