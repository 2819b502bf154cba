import CMessages

/// Which behaviours the score of a candidate looked at: `dien.v1.CandidateAttention`.
public struct CandidateAttention: ProtobufMessage {
    /// Positions in the request's history, the largest weight first.
    public var positions: [UInt32]
    /// Their weights.
    public var weights: [Float]

    /// Positions and their weights.
    public init(positions: [UInt32] = [], weights: [Float] = []) {
        self.positions = positions
        self.weights = weights
    }

    /// Decodes a `dien.v1.CandidateAttention`.
    public init(serialized bytes: RawSpan) throws(MessageError) { self = try unsafe Self.decode(bytes) }

    /// Encodes a `dien.v1.CandidateAttention`.
    public func serialized() -> [UInt8] { unsafe encode() }
}

extension CandidateAttention: @unsafe CMessage {
    static let descriptor = unsafe MessageDescriptor(of: dien__v1__candidate_attention__init)

    init(copying message: Dien__V1__CandidateAttention) throws(MessageError) {
        unsafe self.init(
            positions: column(message.positions, message.n_positions),
            weights: column(message.weights, message.n_weights))
    }

    func fill(_ message: inout Dien__V1__CandidateAttention, in arena: Arena) {
        unsafe message.n_positions = positions.count
        unsafe message.positions = unsafe arena.copy(positions)
        unsafe message.n_weights = weights.count
        unsafe message.weights = unsafe arena.copy(weights)
    }
}
