import CMessages

/// What a server has counted: `dien.v1.CountersResponse`.
public struct CountersResponse: ProtobufMessage {
    /// By model.
    public var models: [ModelCounters]
    /// How long after its request an outcome counts.
    public var attributionWindowMilliseconds: UInt64
    /// What became of reports.
    public var feedback: FeedbackCounts
    /// The epoch that the server follows now.
    public var registryEpoch: UInt64
    /// The version of the server program.
    public var serverVersion: String
    /// When the server started, in milliseconds since 1970-01-01T00:00:00Z.
    public var startUnixMilliseconds: UInt64
    /// The server's clock, in the same.
    public var unixMilliseconds: UInt64

    /// A message of these parts.
    public init(
        models: [ModelCounters] = [], attributionWindowMilliseconds: UInt64 = 0,
        feedback: FeedbackCounts = FeedbackCounts(), registryEpoch: UInt64 = 0, serverVersion: String = "",
        startUnixMilliseconds: UInt64 = 0, unixMilliseconds: UInt64 = 0
    ) {
        self.models = models
        self.attributionWindowMilliseconds = attributionWindowMilliseconds
        self.feedback = feedback
        self.registryEpoch = registryEpoch
        self.serverVersion = serverVersion
        self.startUnixMilliseconds = startUnixMilliseconds
        self.unixMilliseconds = unixMilliseconds
    }

    /// Decodes a `dien.v1.CountersResponse`.
    public init(serialized bytes: RawSpan) throws(MessageError) { self = try unsafe Self.decode(bytes) }

    /// Encodes a `dien.v1.CountersResponse`.
    public func serialized() -> [UInt8] { unsafe encode() }
}

extension CountersResponse: @unsafe CMessage {
    static let descriptor = unsafe MessageDescriptor(of: dien__v1__counters_response__init)

    init(copying message: Dien__V1__CountersResponse) throws(MessageError) {
        unsafe self.init(
            attributionWindowMilliseconds: message.attribution_window_milliseconds,
            registryEpoch: message.registry_epoch, serverVersion: text(message.server_version),
            startUnixMilliseconds: message.start_unix_milliseconds,
            unixMilliseconds: message.unix_milliseconds)
        models = try unsafe messages(message.models, message.n_models, field: "models")
        feedback = try unsafe submessage(message.feedback, field: "feedback") ?? FeedbackCounts()
    }

    func fill(_ message: inout Dien__V1__CountersResponse, in arena: Arena) {
        unsafe message.n_models = models.count
        unsafe message.models = unsafe arena.copy(models)
        unsafe message.attribution_window_milliseconds = attributionWindowMilliseconds
        if feedback != FeedbackCounts() { unsafe message.feedback = unsafe feedback.build(in: arena) }
        unsafe message.registry_epoch = registryEpoch
        unsafe message.server_version = unsafe arena.copy(serverVersion)
        unsafe message.start_unix_milliseconds = startUnixMilliseconds
        unsafe message.unix_milliseconds = unixMilliseconds
    }
}
