import GRPC
import NIOCore

/// A call of `dien.v1.Ranking` that waits to be computed.
final class RankingJob: Sendable {
    enum Method: Sendable { case rank, prepare }

    /// Messages up to this size are worth scoring beside others: a history and candidates of some hundred values.
    static let smallBytes = 2048

    let method: Method
    let message: ByteBuffer
    let context: ServerContext
    let reply: Reply
    let received = ContinuousClock.now

    init(_ method: Method, _ message: ByteBuffer, _ context: ServerContext, _ reply: Reply) {
        self.method = method
        self.message = message
        self.context = context
        self.reply = reply
    }

    var isSmall: Bool { method == .rank && message.readableBytes <= Self.smallBytes }
}
