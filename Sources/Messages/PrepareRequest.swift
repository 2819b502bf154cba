import CMessages

/// What a `RankRequest` will need of the user: `dien.v1.PrepareRequest`.
public struct PrepareRequest: ProtobufMessage {
    /// Which model will answer.
    public var model: ModelSpec
    /// Names this request in logs; the server makes one when it is empty.
    public var requestID: String
    /// The routing key that the `RankRequest` will have.
    public var routingKey: String
    /// The history that the `RankRequest` will have, oldest first.
    public var history: [FeatureColumn]

    /// A request of these parts.
    public init(
        model: ModelSpec = ModelSpec(), requestID: String = "", routingKey: String = "",
        history: [FeatureColumn] = []
    ) {
        self.model = model
        self.requestID = requestID
        self.routingKey = routingKey
        self.history = history
    }

    /// Decodes a `dien.v1.PrepareRequest`.
    public init(serialized bytes: RawSpan) throws(MessageError) { self = try unsafe Self.decode(bytes) }

    /// Encodes a `dien.v1.PrepareRequest`.
    public func serialized() -> [UInt8] { unsafe encode() }
}

extension PrepareRequest: @unsafe CMessage {
    static let descriptor = unsafe MessageDescriptor(of: dien__v1__prepare_request__init)

    init(copying message: Dien__V1__PrepareRequest) throws(MessageError) {
        self.init()
        if let model = unsafe message.model { self.model = try unsafe ModelSpec(copying: model.pointee) }
        requestID = unsafe text(message.request_id)
        routingKey = unsafe text(message.routing_key)
        history = try unsafe messages(message.history, message.n_history, field: "history")
    }

    func fill(_ message: inout Dien__V1__PrepareRequest, in arena: Arena) {
        if model != ModelSpec() { unsafe message.model = unsafe model.build(in: arena) }
        unsafe message.request_id = unsafe arena.copy(requestID)
        unsafe message.routing_key = unsafe arena.copy(routingKey)
        unsafe message.n_history = history.count
        unsafe message.history = unsafe arena.copy(history)
    }
}
