import CMessages

/// Outcomes of items of one request: `dien.v1.RequestOutcomes`.
public struct RequestOutcomes: ProtobufMessage {
    /// The token of the response.
    public var feedbackToken: [UInt8]
    /// The id of the request; may be left out.
    public var requestID: String
    /// The items that there is something to tell of.
    public var items: [ItemOutcome]

    /// A message of these parts.
    public init(
        feedbackToken: [UInt8] = [], requestID: String = "", items: [ItemOutcome] = []
    ) {
        self.feedbackToken = feedbackToken
        self.requestID = requestID
        self.items = items
    }

    /// Decodes a `dien.v1.RequestOutcomes`.
    public init(serialized bytes: RawSpan) throws(MessageError) { self = try unsafe Self.decode(bytes) }

    /// Encodes a `dien.v1.RequestOutcomes`.
    public func serialized() -> [UInt8] { unsafe encode() }
}

extension RequestOutcomes: @unsafe CMessage {
    static let descriptor = unsafe MessageDescriptor(of: dien__v1__request_outcomes__init)

    init(copying message: Dien__V1__RequestOutcomes) throws(MessageError) {
        unsafe self.init(
            feedbackToken: octets(message.feedback_token),
            requestID: text(message.request_id))
        items = try unsafe messages(message.items, message.n_items, field: "items")
    }

    func fill(_ message: inout Dien__V1__RequestOutcomes, in arena: Arena) {
        unsafe message.feedback_token = unsafe arena.data(feedbackToken)
        unsafe message.request_id = unsafe arena.copy(requestID)
        unsafe message.n_items = items.count
        unsafe message.items = unsafe arena.copy(items)
    }
}
