import CMessages

/// The answer to a `PrepareRequest`: `dien.v1.PrepareResponse`.
public struct PrepareResponse: ProtobufMessage {
    /// Whose state is kept.
    public var servedBy: ServedBy
    /// What had to be done for it.
    public var userState: UserState
    /// The request's id.
    public var requestID: String
    /// How many behaviours are used.
    public var historyLength: UInt32
    /// The columns with unknown ids.
    public var unknownIDs: [UnknownIDs]
    /// Time that the server took for the request, in microseconds.
    public var totalMicroseconds: UInt64

    /// A response of these parts.
    public init(
        servedBy: ServedBy = ServedBy(), userState: UserState = .unspecified, requestID: String = "",
        historyLength: UInt32 = 0, unknownIDs: [UnknownIDs] = [], totalMicroseconds: UInt64 = 0
    ) {
        self.servedBy = servedBy
        self.userState = userState
        self.requestID = requestID
        self.historyLength = historyLength
        self.unknownIDs = unknownIDs
        self.totalMicroseconds = totalMicroseconds
    }

    /// Decodes a `dien.v1.PrepareResponse`.
    public init(serialized bytes: RawSpan) throws(MessageError) { self = try unsafe Self.decode(bytes) }

    /// Encodes a `dien.v1.PrepareResponse`.
    public func serialized() -> [UInt8] { unsafe encode() }
}

extension PrepareResponse: @unsafe CMessage {
    static let descriptor = unsafe MessageDescriptor(of: dien__v1__prepare_response__init)

    init(copying message: Dien__V1__PrepareResponse) throws(MessageError) {
        unsafe self.init(
            userState: UserState(message.user_state), requestID: text(message.request_id),
            historyLength: message.history_length, totalMicroseconds: message.total_microseconds)
        if let servedBy = unsafe message.served_by {
            self.servedBy = try unsafe ServedBy(copying: servedBy.pointee)
        }
        unknownIDs = try unsafe messages(message.unknown_ids, message.n_unknown_ids, field: "unknown_ids")
    }

    func fill(_ message: inout Dien__V1__PrepareResponse, in arena: Arena) {
        if servedBy != ServedBy() { unsafe message.served_by = unsafe servedBy.build(in: arena) }
        unsafe message.user_state = userState.cValue
        unsafe message.request_id = unsafe arena.copy(requestID)
        unsafe message.history_length = historyLength
        unsafe message.n_unknown_ids = unknownIDs.count
        unsafe message.unknown_ids = unsafe arena.copy(unknownIDs)
        unsafe message.total_microseconds = totalMicroseconds
    }
}
