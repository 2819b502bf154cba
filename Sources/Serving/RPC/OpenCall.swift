import DIEN
import GRPC
import Messages

/// A call of Rank with the version that answers it, checked and ready to be scored.
struct OpenCall: Sendable {
    let request: RankRequest
    /// The request's own id, or the one made for it.
    let requestID: String
    let route: Route
    let epoch: UInt64
    /// Where it is counted.
    let recorder: ArmRecorder
    let received: ContinuousClock.Instant
    let deadline: Deadline?
    let columns: RankingInput
    let input: ResolvedInput

    var servable: Servable { route.servable }
    /// Whether the champion answers where the version does not.
    var mayFallBack: Bool { route.trial?.hasFallback ?? false }
    var batched: BatchedRequest { BatchedRequest(input, topAttention: Int(request.topAttention)) }
}

extension ServerContext {
    /// No model work starts for a caller who has gone or whose deadline has passed.
    func checkStillAwaited() throws(RPCError) {
        if isCancelled || Task.isCancelled {
            throw RPCError(code: .cancelled, message: "the caller cancelled")
        }
        if let deadline, deadline.hasPassed() {
            throw RPCError(code: .deadlineExceeded, message: "the deadline passed before scoring began")
        }
    }
}
