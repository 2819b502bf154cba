import CMessages

/// One user, N candidates: `dien.v1.RankRequest`.
public struct RankRequest: ProtobufMessage {
    /// Which model answers.
    public var model: ModelSpec
    /// Names the request in logs and feedback; the server makes one when it is empty.
    public var requestID: String
    /// What experiments are assigned by; empty takes part in none.
    public var routingKey: String
    /// The user: one value a feature.
    public var profile: [FeatureColumn]
    /// The behaviours, oldest first.
    public var history: [FeatureColumn]
    /// The items to score.
    public var candidates: [FeatureColumn]
    /// The moment: one value a feature.
    public var context: [FeatureColumn]
    /// How many best candidates to list; 0 for none.
    public var topK: UInt32
    /// How many behaviours to tell for each candidate, by attention; 0 for none.
    public var topAttention: UInt32

    /// A request of these parts.
    public init(
        model: ModelSpec = ModelSpec(), requestID: String = "", routingKey: String = "",
        profile: [FeatureColumn] = [], history: [FeatureColumn] = [], candidates: [FeatureColumn] = [],
        context: [FeatureColumn] = [], topK: UInt32 = 0, topAttention: UInt32 = 0
    ) {
        self.model = model
        self.requestID = requestID
        self.routingKey = routingKey
        self.profile = profile
        self.history = history
        self.candidates = candidates
        self.context = context
        self.topK = topK
        self.topAttention = topAttention
    }

    /// Decodes a `dien.v1.RankRequest`.
    public init(serialized bytes: RawSpan) throws(MessageError) { self = try unsafe Self.decode(bytes) }

    /// Encodes a `dien.v1.RankRequest`.
    public func serialized() -> [UInt8] { unsafe encode() }
}

extension RankRequest: @unsafe CMessage {
    static let descriptor = unsafe MessageDescriptor(of: dien__v1__rank_request__init)

    init(copying message: Dien__V1__RankRequest) throws(MessageError) {
        self.init(topK: unsafe message.top_k, topAttention: unsafe message.top_attention)
        if let model = unsafe message.model { self.model = try unsafe ModelSpec(copying: model.pointee) }
        requestID = unsafe text(message.request_id)
        routingKey = unsafe text(message.routing_key)
        profile = try unsafe messages(message.profile, message.n_profile, field: "profile")
        history = try unsafe messages(message.history, message.n_history, field: "history")
        candidates = try unsafe messages(message.candidates, message.n_candidates, field: "candidates")
        context = try unsafe messages(message.context, message.n_context, field: "context")
    }

    func fill(_ message: inout Dien__V1__RankRequest, in arena: Arena) {
        if model != ModelSpec() { unsafe message.model = unsafe model.build(in: arena) }
        unsafe message.request_id = unsafe arena.copy(requestID)
        unsafe message.routing_key = unsafe arena.copy(routingKey)
        unsafe message.n_profile = profile.count
        unsafe message.profile = unsafe arena.copy(profile)
        unsafe message.n_history = history.count
        unsafe message.history = unsafe arena.copy(history)
        unsafe message.n_candidates = candidates.count
        unsafe message.candidates = unsafe arena.copy(candidates)
        unsafe message.n_context = context.count
        unsafe message.context = unsafe arena.copy(context)
        unsafe message.top_k = topK
        unsafe message.top_attention = topAttention
    }
}
