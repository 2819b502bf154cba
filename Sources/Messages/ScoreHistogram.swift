import CMessages

/// Scores of impressions by place, those counts that are not 0: `dien.v1.ScoreHistogram`.
public struct ScoreHistogram: ProtobufMessage {
    /// Places, rising.
    public var places: [UInt32]
    /// Their counts.
    public var counts: [Int32]

    /// A message of these parts.
    public init(places: [UInt32] = [], counts: [Int32] = []) {
        self.places = places
        self.counts = counts
    }

    /// Decodes a `dien.v1.ScoreHistogram`.
    public init(serialized bytes: RawSpan) throws(MessageError) { self = try unsafe Self.decode(bytes) }

    /// Encodes a `dien.v1.ScoreHistogram`.
    public func serialized() -> [UInt8] { unsafe encode() }
}

extension ScoreHistogram: @unsafe CMessage {
    static let descriptor = unsafe MessageDescriptor(of: dien__v1__score_histogram__init)

    init(copying message: Dien__V1__ScoreHistogram) throws(MessageError) {
        unsafe self.init(
            places: column(message.places, message.n_places), counts: column(message.counts, message.n_counts)
        )
    }

    func fill(_ message: inout Dien__V1__ScoreHistogram, in arena: Arena) {
        unsafe message.n_places = places.count
        unsafe message.places = unsafe arena.copy(places)
        unsafe message.n_counts = counts.count
        unsafe message.counts = unsafe arena.copy(counts)
    }
}
