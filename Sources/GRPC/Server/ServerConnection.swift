import HTTP2
import Logging
import NIOCore

/// One connection: owns its HTTP/2 session and pumps it between the socket and the calls. Lives on its event loop.
///
/// Each burst of reads costs one buffer and one flush. While the socket takes no more, nothing is drained from the
/// session and nothing is read from the client, so what waits is bounded.
final class ServerConnection: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = Never
    typealias OutboundOut = ByteBuffer

    /// How the connection ends.
    enum Phase {
        case serving
        /// The first GOAWAY is out, the second one waits for the client's PING acknowledgement.
        case draining
        /// The final GOAWAY is out: no new calls.
        case finishing
        /// Everything is written and our FIN sent; waiting for the client's.
        case lingering
        case closed
    }

    let configuration: ServerConfiguration
    let methods: MethodTable
    let services: ServerConnectionServices
    let mailbox = ConnectionMailbox()
    let session: HTTP2Session
    var context: ChannelHandlerContext?
    var calls: [StreamID: ServerCall] = [:]
    var phase = Phase.serving
    /// Goes out as debug data of the final GOAWAY.
    var drainReason = ""
    /// Handlers started and not ended, whether or not their call still exists.
    var runningHandlers = 0
    var bufferedRequestBytes = 0
    var timeouts: ConnectionTimeouts
    var pingStrikes: PingStrikes
    var peer = ""
    var unwritableSince: NIODeadline?
    var tick: RepeatedTask?
    var deadlineTimer: (deadline: Deadline, scheduled: Scheduled<Void>)?
    var logger: Logger { services.logger }
    private var isPumping = false
    private var isReadHeld = false

    init(
        configuration: ServerConfiguration, methods: MethodTable, services: ServerConnectionServices
    ) throws {
        self.configuration = configuration
        self.methods = methods
        self.services = services
        session = try HTTP2Session(role: .server, configuration: configuration.http2)
        timeouts = ConnectionTimeouts(
            configuration: configuration, now: .now(), jitter: .random(in: -1...1))
        pingStrikes = PingStrikes(configuration: configuration)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        if context.channel.isActive { start(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        start(context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        stop()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        stop()
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch phase {
        case .serving, .draining, .finishing: receive(unwrapInboundIn(data))
        case .lingering, .closed: break
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        pump()
    }

    /// Holds reads back while the socket does not take our answers.
    func read(context: ChannelHandlerContext) {
        if context.channel.isWritable { context.read() } else { isReadHeld = true }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        unwritableSince = context.channel.isWritable ? nil : .now()
        if context.channel.isWritable {
            pump()
            if isReadHeld {
                isReadHeld = false
                context.read()
            }
        }
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed? = event as? ChannelEvent {
            context.close(promise: nil)
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A reset by the client is everyday; whatever it is, the connection cannot go on.
        logger.debug("connection failed", metadata: ["peer": "\(peer)", "error": "\(error)"])
        context.close(promise: nil)
    }

    /// Moves what the session has to the socket, until it has no more or the socket takes no more.
    func pump() {
        guard let context, !isPumping else { return }
        isPumping = true
        defer { isPumping = false }
        do throws(HTTP2Error) {
            // Flushing may make the socket writable again, of which this function is not told while it runs.
            while try writeBurst(context), context.channel.isWritable {}
        } catch {
            return fail(error)
        }
        if session.isFinished { linger() }
    }

    /// Writes until the channel's high-water mark, and flushes once. True if the session may have more.
    private func writeBurst(_ context: ChannelHandlerContext) throws(HTTP2Error) -> Bool {
        var hasWritten = false
        defer { if hasWritten { context.flush() } }
        while context.channel.isWritable {
            var output = context.channel.allocator.buffer(capacity: 2048)
            let hasMore = try session.drain(into: &output, limit: 64 << 10)
            handleEvents()
            guard output.readableBytes > 0 else { return false }
            context.write(wrapOutboundOut(output), promise: nil)
            hasWritten = true
            if !hasMore && !session.wantsWrite { return false }
        }
        return true
    }

    private func receive(_ bytes: ByteBuffer) {
        let now = NIODeadline.now()
        timeouts.received(at: now)
        do {
            try session.receive(bytes, now: now)
        } catch {
            return fail(error)
        }
        handleEvents()
    }

    private func fail(_ error: HTTP2Error) {
        if error == .badPreface {
            services.reportForeignProtocol(peer: peer)
        } else {
            logger.warning("connection closed", metadata: ["peer": "\(peer)", "reason": "\(error)"])
        }
        context?.close(promise: nil)
    }
}
