import HTTP2
import Logging
import NIOCore

/// From the session's events to calls.
extension ServerConnection {
    func handleEvents() {
        while let event = session.nextEvent() {
            switch event {
            case .headers(let id, let block) where block.kind == .request: open(id, block)
            case .headers(let id, let block): receive(ByteBuffer(), endStream: block.endStream, on: id)
            case .data(let id, let bytes, let endStream): receive(bytes, endStream: endStream, on: id)
            case .closed(let id, let code): closed(id, code)
            case .drained(let id): calls[id]?.relieveWriter()
            case .settings: timeouts.receivedSettings()
            case .settingsAcknowledged: timeouts.receivedAcknowledgement()
            case .ping: receivedPing()
            case .pingAcknowledged(let payload): receivedPingAcknowledgement(payload)
            case .flooded(let kind):
                logger.warning("connection closed", metadata: ["peer": "\(peer)", "reason": "\(kind)"])
            case .reset, .goAway: break  // `closed` follows for each stream concerned
            }
        }
    }

    private func open(_ id: StreamID, _ block: HeaderBlock) {
        guard runningHandlers < configuration.maxRunningHandlers else {
            return session.reset(id, .refusedStream)
        }
        do throws(RequestRejection) {
            let head = try RequestHead(block)
            guard let entry = methods.entry(path: head.path) else { throw .unknownMethod(path: head.path) }
            let deadline = head.timeout.map { Deadline($0) }
            if let deadline, deadline.hasPassed() { throw .expired }
            let context = ServerContext(
                method: entry.method, metadata: head.metadata, deadline: deadline, peer: peer)
            let call = ServerCall(
                id: id, entry: entry, context: context, contentType: head.contentType,
                maxMessageBytes: configuration.maxReceiveMessageBytes, now: .now())
            calls[id] = call
            if let deadline { watch(deadline) }
            if !entry.handler.hasOneRequest { startStreaming(call) }
            if block.endStream { receive(ByteBuffer(), endStream: true, on: id) }
        } catch {
            session.submitResponse(error.response, on: id, endStream: true)
        }
    }

    private func receive(_ bytes: ByteBuffer, endStream: Bool, on id: StreamID) {
        guard let call = calls[id] else {
            // Of a call refused before: its bytes go back to flow control and are forgotten.
            return session.consume(bytes.readableBytes, on: id)
        }
        call.lastReceived = .now()
        let heldBefore = call.state.bufferedBytes
        let action = call.state.receive(bytes, endStream: endStream)
        bufferedRequestBytes += call.state.bufferedBytes - heldBefore
        var delivered: [ByteBuffer] = []
        if case .deliver(let messages, _) = action { delivered = messages }
        session.consume(call.received(bytes.readableBytes, queued: delivered), on: id)
        switch action {
        case .wait: break
        case .run(let message): run(call, message)
        case .deliver(let messages, let ended): call.requests?.deliver(messages, ended: ended)
        case .fail(let error): end(call, error)
        }
        if bufferedRequestBytes > configuration.maxBufferedRequestBytes {
            end(
                call,
                RPCError(code: .resourceExhausted, message: "too many unfinished requests on one connection"))
        }
    }

    private func closed(_ id: StreamID, _ code: HTTP2ErrorCode) {
        guard let call = calls.removeValue(forKey: id) else { return }
        bufferedRequestBytes -= call.state.bufferedBytes
        abandon(call, .cancelled)
    }

    /// Ends a call that nobody waits for any more.
    func abandon(_ call: ServerCall, _ error: RPCError) {
        call.countEnd(.cancelled)
        call.cancel(error)
    }

    private func run(_ call: ServerCall, _ message: ByteBuffer) {
        if case .serverStreaming = call.entry.handler { call.writer = makeWriter(call.id) }
        runningHandlers += 1
        if case .posted(let handle) = call.entry.handler {
            return handlerTask(call).post(message, to: handle)
        }
        call.task = handlerTask(call).start(message, call.writer)
    }

    private func startStreaming(_ call: ServerCall) {
        let requests = RequestBuffer(
            id: call.id, mailbox: mailbox, windowBytes: Int(configuration.http2.streamWindowBytes))
        call.requests = requests
        if case .bidirectional = call.entry.handler { call.writer = makeWriter(call.id) }
        runningHandlers += 1
        call.task = handlerTask(call).start(RequestStream(buffer: requests), call.writer)
    }

    private func handlerTask(_ call: ServerCall) -> HandlerTask {
        HandlerTask(id: call.id, entry: call.entry, context: call.context, mailbox: mailbox, logger: logger)
    }

    private func makeWriter(_ id: StreamID) -> ResponseWriter {
        ResponseWriter(
            id: id, mailbox: mailbox, highWaterBytes: configuration.http2.highWaterBytes,
            maxMessageBytes: configuration.maxSendMessageBytes)
    }
}
