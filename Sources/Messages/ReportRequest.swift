import CMessages

/// Outcomes of some requests: `dien.v1.ReportRequest`.
public struct ReportRequest: ProtobufMessage {
    /// By request.
    public var outcomes: [RequestOutcomes]

    /// A message of these parts.
    public init(
        outcomes: [RequestOutcomes] = []
    ) {
        self.outcomes = outcomes
    }

    /// Decodes a `dien.v1.ReportRequest`.
    public init(serialized bytes: RawSpan) throws(MessageError) { self = try unsafe Self.decode(bytes) }

    /// Encodes a `dien.v1.ReportRequest`.
    public func serialized() -> [UInt8] { unsafe encode() }
}

extension ReportRequest: @unsafe CMessage {
    static let descriptor = unsafe MessageDescriptor(of: dien__v1__report_request__init)

    init(copying message: Dien__V1__ReportRequest) throws(MessageError) {
        self.init(outcomes: try unsafe messages(message.outcomes, message.n_outcomes, field: "outcomes"))
    }

    func fill(_ message: inout Dien__V1__ReportRequest, in arena: Arena) {
        unsafe message.n_outcomes = outcomes.count
        unsafe message.outcomes = unsafe arena.copy(outcomes)
    }
}
