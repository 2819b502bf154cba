import GRPC
import Messages

/// What one request may ask for. Beyond them the error names both sizes.
public struct ServingLimits: Sendable {
    /// The most candidates of one request.
    public var candidates: Int
    /// The longest history of one request; what a model then uses of it is the model's `max_history`.
    public var historyLength: Int
    /// The longest request id, in bytes of UTF-8.
    public static let requestIDBytes = 128

    /// Limits with the defaults: 2,000 candidates, 10,000 behaviours.
    public init(candidates: Int = 2_000, historyLength: Int = 10_000) {
        self.candidates = candidates
        self.historyLength = historyLength
    }

    /// Refuses a request beyond the limits, before any work is done for it.
    func check(_ request: RankRequest) throws(RPCError) {
        try check(request.candidates, "candidates", limit: candidates)
        try check(request.history, "history", limit: historyLength)
        try check(requestID: request.requestID)
    }

    /// The same of a request without candidates.
    func check(_ request: PrepareRequest) throws(RPCError) {
        try check(request.history, "history", limit: historyLength)
        try check(requestID: request.requestID)
    }

    private func check(requestID: String) throws(RPCError) {
        let idLength = requestID.utf8.count
        guard idLength <= Self.requestIDBytes else {
            throw RPCError(
                code: .invalidArgument,
                message: "request_id: \(idLength) bytes, at most \(Self.requestIDBytes) are allowed")
        }
    }

    private func check(_ columns: [Messages.FeatureColumn], _ role: String, limit: Int) throws(RPCError) {
        for column in columns where column.count > limit {
            throw RPCError(
                code: .resourceExhausted,
                message: "\(role).\(column.name): \(column.count) values, this server takes at most \(limit)")
        }
    }
}
