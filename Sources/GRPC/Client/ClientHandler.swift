import HTTP2
import NIOCore

/// The client's end of one connection: its HTTP/2 session, and the calls on its streams.
final class ClientHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Who gets back what this connection can not do.
    protocol Owner: AnyObject {
        /// The connection takes no new calls from now on: the server said so, or it is gone.
        func connectionRetired(_ handler: ClientHandler)
        /// A call that the server certainly did nothing for.
        func connectionRefused(_ call: ClientCall)
        /// The call has got its result.
        func connectionFinished(_ call: ClientCall)
    }

    private var session: HTTP2Session
    private var calls: [StreamID: ClientCall] = [:]
    private var context: ChannelHandlerContext?
    private var owner: (any Owner)?
    private let authority: String
    private let userAgent: String
    private var isFlushScheduled = false
    private var isFlushing = false
    private var lastError: String?
    /// How much is written at once.
    private static let writeLimit = 256 << 10

    init(owner: any Owner, authority: String, userAgent: String) throws(HTTP2Error) {
        session = try HTTP2Session(role: .client)
        self.owner = owner
        self.authority = authority
        self.userAgent = userAgent
    }

    /// The connection is established.
    var isActive: Bool { context?.channel.isActive ?? false }

    /// Sends the call's request. It fails here and now, or is answered through events.
    func start(_ call: ClientCall) {
        call.attempts += 1
        do throws(HTTP2Error) {
            let fields = call.request.headerFields(authority: authority, userAgent: userAgent)
            let stream = try session.submitRequest(fields, endStream: false)
            call.connection = self
            call.stream = stream
            calls[stream] = call
            session.send(MessageFraming.framed(call.request.message), on: stream)
            session.finish(stream)
            scheduleFlush()
        } catch {
            retire()
            refuse(call, RPCError(code: .unavailable, message: "\(authority): \(error)"))
        }
    }

    /// Ends a call that its caller gave up, with RST_STREAM(CANCEL).
    func cancel(_ call: ClientCall, _ error: RPCError) {
        if let stream = call.stream, calls.removeValue(forKey: stream) != nil {
            session.reset(stream, .cancel)
            scheduleFlush()
        }
        finish(call, error)
    }

    /// The reader of a stream of responses took a message.
    func delivered(_ payloadLength: Int, of call: ClientCall) {
        guard let stream = call.stream else { return }
        session.consume(call.delivered(payloadLength), on: stream)
        scheduleFlush()
    }

    /// Closes the connection; its calls fail as UNAVAILABLE.
    func close() {
        lastError = "closed by the client"
        context?.close(promise: nil)
    }

    func channelActive(context: ChannelHandlerContext) {
        self.context = context
        flush()
        context.fireChannelActive()
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    /// Lets go of the channel: a connection that was refused never becomes inactive, only this happens to it.
    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        owner = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        do throws(HTTP2Error) {
            try session.receive(unwrapInboundIn(data))
        } catch {
            lastError = "\(error)"
            context.close(promise: nil)
            return
        }
        while let event = session.nextEvent() { handle(event) }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        flush()
        context.fireChannelReadComplete()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { flush() }
        context.fireChannelWritabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        lastError = lastError ?? "\(error)"
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        retire()
        let reason = lastError.map { ": \($0)" } ?? ""
        let error = RPCError(code: .unavailable, message: "connection to \(authority) lost\(reason)")
        let open = calls.values
        calls = [:]
        for call in open { finish(call, error) }
        self.context = nil
        owner = nil
        context.fireChannelInactive()
    }
}

extension ClientHandler {
    private func handle(_ event: HTTP2Event) {
        switch event {
        case .headers(let stream, let block):
            guard let call = calls[stream] else { return }
            do throws(RPCError) {
                try call.receive(block)
                if block.endStream { complete(call, on: stream) }
            } catch { end(call, on: stream, isEnded: block.endStream, error) }
        case .data(let stream, let content, _):
            guard let call = calls[stream] else { return }
            do throws(RPCError) {
                session.consume(try call.receive(content), on: stream)
            } catch { end(call, on: stream, isEnded: false, error) }
        case .closed(let stream, let code):
            guard let call = calls.removeValue(forKey: stream) else { return }
            let error = call.error(closedWith: code)
            if code == .refusedStream { refuse(call, error) } else { finish(call, error) }
        case .goAway(_, let code, let debugData):
            if code != .noError { lastError = "the server ended it with \(code) \(debugData)" }
            retire()
        case .flooded(let kind):
            lastError = "the server flooded it: \(kind)"
        case .reset, .drained, .settings, .settingsAcknowledged, .ping, .pingAcknowledged:
            break
        }
    }

    private func complete(_ call: ClientCall, on stream: StreamID) {
        calls[stream] = nil
        owner?.connectionFinished(call)
    }

    private func end(_ call: ClientCall, on stream: StreamID, isEnded: Bool, _ error: RPCError) {
        calls[stream] = nil
        if !isEnded { session.reset(stream, .cancel) }
        finish(call, error)
    }

    private func finish(_ call: ClientCall, _ error: RPCError) {
        call.fail(error)
        owner?.connectionFinished(call)
    }

    private func refuse(_ call: ClientCall, _ error: RPCError) {
        call.connection = nil
        call.stream = nil
        if call.canBeRepeated, let owner { owner.connectionRefused(call) } else { finish(call, error) }
    }

    private func retire() {
        owner?.connectionRetired(self)
    }

    /// One flush for all the calls that start in the same turn of the event loop.
    private func scheduleFlush() {
        guard !isFlushScheduled, let context else { return }
        isFlushScheduled = true
        context.eventLoop.assumeIsolated().execute {
            self.isFlushScheduled = false
            self.flush()
        }
    }

    /// Moves what the session has to the socket, until it has no more or the socket takes no more.
    private func flush() {
        // A flush that empties the socket's queue reports writability while it runs: the loop below sees that too.
        guard let context, !isFlushing else { return }
        isFlushing = true
        defer { isFlushing = false }
        do throws(HTTP2Error) {
            while context.channel.isWritable {
                var output = context.channel.allocator.buffer(capacity: 0)
                _ = try session.drain(into: &output, limit: ClientHandler.writeLimit)
                // What draining itself caused: requests that could not be sent.
                while let event = session.nextEvent() { handle(event) }
                guard output.readableBytes > 0 else { break }
                context.writeAndFlush(wrapOutboundOut(output), promise: nil)
            }
        } catch {
            lastError = "\(error)"
            context.close(promise: nil)
            return
        }
        if session.isFinished { context.close(promise: nil) }
    }
}
