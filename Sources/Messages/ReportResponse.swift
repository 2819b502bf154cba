import CMessages

/// What became of a report: `dien.v1.ReportResponse`.
public struct ReportResponse: ProtobufMessage {
    /// Of its events.
    public var counts: FeedbackCounts

    /// A message of these parts.
    public init(counts: FeedbackCounts = FeedbackCounts()) { self.counts = counts }

    /// Decodes a `dien.v1.ReportResponse`.
    public init(serialized bytes: RawSpan) throws(MessageError) { self = try unsafe Self.decode(bytes) }

    /// Encodes a `dien.v1.ReportResponse`.
    public func serialized() -> [UInt8] { unsafe encode() }
}

extension ReportResponse: @unsafe CMessage {
    static let descriptor = unsafe MessageDescriptor(of: dien__v1__report_response__init)

    init(copying message: Dien__V1__ReportResponse) throws(MessageError) {
        self.init(counts: try unsafe submessage(message.counts, field: "counts") ?? FeedbackCounts())
    }

    func fill(_ message: inout Dien__V1__ReportResponse, in arena: Arena) {
        if counts != FeedbackCounts() { unsafe message.counts = unsafe counts.build(in: arena) }
    }
}
