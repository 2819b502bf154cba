import HTTP2
import NIOCore

/// From handlers' letters, deadlines and stalls to responses.
extension ServerConnection {
    /// Opens everything that handlers have posted, and answers it with one flush.
    func openMail() {
        for letter in mailbox.takeAll() {
            switch letter {
            case .finished(let id, let outcome):
                runningHandlers -= 1
                if let call = calls[id] { finish(call, outcome) }
            case .message(let id, let message):
                if let call = calls[id] { send(message, call) }
            case .headers(let id):
                if let call = calls[id], call.state.sendHeaders() { sendHeaders(call) }
            case .consumed(let id, let count):
                if let call = calls[id] { session.consume(call.taken(count), on: id) }
            case .drain: drain()
            case .abort: return abort()
            }
        }
        pump()
    }

    /// Ends a call that its handler does not end: breach of protocol, deadline, stall.
    func end(_ call: ServerCall, _ error: RPCError) {
        bufferedRequestBytes -= call.state.bufferedBytes
        call.state.abandonRequest()
        call.cancel(error)
        finish(call, .failure(error))
    }

    /// Sends the status, after the one response of methods that have one.
    func finish(_ call: ServerCall, _ outcome: Result<ByteBuffer?, RPCError>) {
        var status = Status.ok
        var metadata = call.context.response.trailing
        switch outcome {
        case .success(let message?) where message.readableBytes > configuration.maxSendMessageBytes:
            status =
                RPCError.oversizedResponse(
                    message.readableBytes, limit: configuration.maxSendMessageBytes
                ).status
        case .success(let message):
            if let message { send(message, call) }
        case .failure(let error):
            status = error.status
            for field in error.metadata.fields {
                switch field.value {
                case .text(let text): metadata.append(field.name, text)
                case .binary(let bytes): metadata.append(field.name, bytes: bytes)
                }
            }
        }
        sendStatus(status, metadata, call)
        call.writer?.close()
    }

    private func sendStatus(_ status: Status, _ metadata: Metadata, _ call: ServerCall) {
        let limit = configuration.maxResponseHeaderBytes
        let initial = call.context.response.initial
        let room = limit - ResponseHead.listSize(ResponseHead.initial(call.contentType, metadata: initial))
        let trailers = ResponseHead.trailers(status, metadata: metadata, maxBytes: room)
        call.countEnd(status.code)
        switch call.state.finish(ok: status.code == .ok) {
        case .trailersOnly:
            session.submitResponse(
                ResponseHead.initial(call.contentType, metadata: initial) + trailers, on: call.id,
                endStream: true)
        case .headersAndTrailers:
            sendHeaders(call)
            session.finish(call.id, trailers: trailers)
        case .trailers:
            session.finish(call.id, trailers: trailers)
        case .drop: break
        }
    }

    private func send(_ message: ByteBuffer, _ call: ServerCall) {
        switch call.state.sendMessage() {
        case .headersAndMessage: sendHeaders(call)
        case .message: break
        case .drop: return
        }
        let framed = MessageFraming.framed(message)
        session.send(framed, on: call.id)
        if call.writer != nil {
            call.sent(framed.readableBytes, isCongested: session.isCongested(call.id))
        }
    }

    private func sendHeaders(_ call: ServerCall) {
        let fields = ResponseHead.initial(call.contentType, metadata: call.context.response.initial)
        session.submitResponse(fields, on: call.id, endStream: false)
    }

    /// One timer a connection, set to its earliest deadline.
    func watch(_ deadline: Deadline) {
        if let timer = deadlineTimer, timer.deadline <= deadline { return }
        guard let loop = context?.eventLoop else { return }
        deadlineTimer?.scheduled.cancel()
        let remaining = min(max(deadline.remaining(), .zero), .seconds(86_400))
        let scheduled = loop.assumeIsolated().scheduleTask(in: TimeAmount(remaining)) { [weak self] in
            guard let self else { return }
            self.deadlineTimer = nil
            self.expireCalls()
            self.pump()
        }
        deadlineTimer = (deadline, scheduled)
    }

    private func expireCalls() {
        let now = ContinuousClock.now
        var earliest: Deadline?
        for call in calls.values where !call.state.hasEnded {
            guard let deadline = call.context.deadline else { continue }
            if deadline.hasPassed(at: now) {
                end(call, .deadlineExceeded)
            } else {
                earliest = min(earliest ?? deadline, deadline)
            }
        }
        if let earliest { watch(earliest) }
    }

    /// A client that neither sends the rest of a message nor takes the response loses its call, not its connection.
    func checkProgress(of call: ServerCall, at now: NIODeadline) {
        if call.state.isInsideMessage, !call.state.hasEnded,
            now - call.lastReceived >= configuration.receiveStallTimeout
        {
            end(call, RPCError(code: .cancelled, message: "the request was left unfinished"))
        }
        let pending = session.pendingBytes(on: call.id)
        guard pending > 0 else { return call.sendProgress = nil }
        if let progress = call.sendProgress, progress.pendingBytes == pending {
            if now - progress.since >= configuration.sendStallTimeout { session.reset(call.id, .cancel) }
        } else {
            call.sendProgress = (pending, now)
        }
    }
}
