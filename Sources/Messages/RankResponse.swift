import CMessages

/// The answer to a `RankRequest`: `dien.v1.RankResponse`.
public struct RankResponse: ProtobufMessage {
    /// The click probability of each candidate, in the order of the request.
    public var scores: [Float]
    /// Positions in `scores`, best first, when the request asked for them.
    public var top: [UInt32]
    /// Who answered.
    public var servedBy: ServedBy
    /// The request's id.
    public var requestID: String
    /// Time that the server took for the request, in microseconds.
    public var totalMicroseconds: UInt64
    /// The model's part of it, in microseconds.
    public var scoringMicroseconds: UInt64
    /// The columns with unknown ids.
    public var unknownIDs: [UnknownIDs]
    /// How many behaviours were used.
    public var historyLength: UInt32
    /// Which behaviours each candidate's score looked at, when the request asked for them.
    public var attention: [CandidateAttention]
    /// What became of the user's state.
    public var userState: UserState
    /// What was served, signed by the server; goes with reports of the outcomes.
    public var feedbackToken: [UInt8]

    /// A response of these parts.
    public init(
        scores: [Float] = [], top: [UInt32] = [], servedBy: ServedBy = ServedBy(), requestID: String = "",
        totalMicroseconds: UInt64 = 0, scoringMicroseconds: UInt64 = 0, unknownIDs: [UnknownIDs] = [],
        historyLength: UInt32 = 0, attention: [CandidateAttention] = [], userState: UserState = .unspecified,
        feedbackToken: [UInt8] = []
    ) {
        self.scores = scores
        self.top = top
        self.servedBy = servedBy
        self.requestID = requestID
        self.totalMicroseconds = totalMicroseconds
        self.scoringMicroseconds = scoringMicroseconds
        self.unknownIDs = unknownIDs
        self.historyLength = historyLength
        self.attention = attention
        self.userState = userState
        self.feedbackToken = feedbackToken
    }

    /// Decodes a `dien.v1.RankResponse`.
    public init(serialized bytes: RawSpan) throws(MessageError) { self = try unsafe Self.decode(bytes) }

    /// Encodes a `dien.v1.RankResponse`.
    public func serialized() -> [UInt8] { unsafe encode() }
}

extension RankResponse: @unsafe CMessage {
    static let descriptor = unsafe MessageDescriptor(of: dien__v1__rank_response__init)

    init(copying message: Dien__V1__RankResponse) throws(MessageError) {
        unsafe self.init(
            scores: column(message.scores, message.n_scores), top: column(message.top, message.n_top),
            requestID: text(message.request_id), totalMicroseconds: message.total_microseconds,
            scoringMicroseconds: message.scoring_microseconds, historyLength: message.history_length,
            userState: UserState(message.user_state),
            feedbackToken: octets(message.feedback_token))
        if let servedBy = unsafe message.served_by {
            self.servedBy = try unsafe ServedBy(copying: servedBy.pointee)
        }
        unknownIDs = try unsafe messages(message.unknown_ids, message.n_unknown_ids, field: "unknown_ids")
        attention = try unsafe messages(message.attention, message.n_attention, field: "attention")
    }

    func fill(_ message: inout Dien__V1__RankResponse, in arena: Arena) {
        unsafe message.n_scores = scores.count
        unsafe message.scores = unsafe arena.copy(scores)
        unsafe message.n_top = top.count
        unsafe message.top = unsafe arena.copy(top)
        if servedBy != ServedBy() { unsafe message.served_by = unsafe servedBy.build(in: arena) }
        unsafe message.request_id = unsafe arena.copy(requestID)
        unsafe message.total_microseconds = totalMicroseconds
        unsafe message.scoring_microseconds = scoringMicroseconds
        unsafe message.n_unknown_ids = unknownIDs.count
        unsafe message.unknown_ids = unsafe arena.copy(unknownIDs)
        unsafe message.history_length = historyLength
        unsafe message.n_attention = attention.count
        unsafe message.attention = unsafe arena.copy(attention)
        unsafe message.user_state = userState.cValue
        unsafe message.feedback_token = unsafe arena.data(feedbackToken)
    }
}
