package import NIOCore

/// The state of one call at the server: which messages came, what of the response is out. Pure: it decides, and the
/// connection acts.
package struct CallStateMachine {
    /// What to do about bytes of the request.
    package enum RequestAction: Equatable {
        /// Wait for more.
        case wait
        /// The request of a method with one request is complete: run the handler.
        case run(ByteBuffer)
        /// Hand these messages to the running handler, and end its stream if that was all.
        case deliver([ByteBuffer], ended: Bool)
        /// End the call with this error.
        case fail(RPCError)
    }

    /// What to send before a message.
    package enum MessageAction: Equatable {
        case headersAndMessage
        case message
        /// The response has ended; drop the message.
        case drop
    }

    /// How to end the response.
    package enum FinishAction: Equatable {
        case trailersOnly
        case headersAndTrailers
        case trailers
        /// It has ended already.
        case drop
    }

    private enum Request {
        /// The one message is held until the end, since a second one would be an error.
        case open(ByteBuffer?)
        case ended
    }

    private enum Response {
        case idle
        case open
        case ended
    }

    private let hasOneRequest: Bool
    private var deframer: MessageDeframer
    private var request = Request.open(nil)
    private var response = Response.idle

    package init(hasOneRequest: Bool, maxMessageBytes: Int) {
        self.hasOneRequest = hasOneRequest
        deframer = MessageDeframer(maximumMessageLength: maxMessageBytes)
    }

    /// Part of a message has come, and the rest has not.
    package var isInsideMessage: Bool { deframer.isInsideMessage }

    /// Bytes of the request held because their message is not complete, or not yet run.
    package var bufferedBytes: Int {
        if case .open(let first?) = request { return deframer.bufferedBytes + first.readableBytes }
        return deframer.bufferedBytes
    }

    package var hasEnded: Bool { response == .ended }

    /// Bytes of the request, any split of them; empty for an end without content.
    package mutating func receive(_ bytes: ByteBuffer, endStream: Bool) -> RequestAction {
        guard case .open(let first) = request, response != .ended else { return .wait }
        deframer.append(bytes)
        do throws(RPCError) {
            var messages = try wholeMessages()
            if let first { messages.insert(first, at: 0) }
            if endStream {
                request = .ended
                guard !deframer.isInsideMessage else {
                    throw RPCError(code: .internal, message: "the request ended inside a message")
                }
            }
            return hasOneRequest ? try single(messages, endStream) : stream(messages, endStream)
        } catch {
            request = .ended
            return .fail(error)
        }
    }

    /// Forgets what is left of the request: the call ends without it.
    package mutating func abandonRequest() {
        request = .ended
        deframer = MessageDeframer(maximumMessageLength: deframer.maximumMessageLength)
    }

    /// The next response message is ready.
    package mutating func sendMessage() -> MessageAction {
        switch response {
        case .idle:
            response = .open
            return .headersAndMessage
        case .open: return .message
        case .ended: return .drop
        }
    }

    /// The handler wants its initial metadata out. True if the headers are to be sent now.
    package mutating func sendHeaders() -> Bool {
        guard response == .idle else { return false }
        response = .open
        return true
    }

    /// The call ends with a status.
    package mutating func finish(ok: Bool) -> FinishAction {
        defer { response = .ended }
        switch response {
        case .idle: return ok ? .headersAndTrailers : .trailersOnly
        case .open: return .trailers
        case .ended: return .drop
        }
    }

    private mutating func wholeMessages() throws(RPCError) -> [ByteBuffer] {
        var messages: [ByteBuffer] = []
        while let message = try deframer.next() {
            guard !message.compressed else {
                throw RPCError(
                    code: .internal,
                    message: "a message is flagged as compressed, but grpc-encoding is identity")
            }
            messages.append(message.payload)
        }
        return messages
    }

    private mutating func single(_ messages: [ByteBuffer], _ endStream: Bool) throws(RPCError)
        -> RequestAction
    {
        guard messages.count <= 1 else {
            throw RPCError(code: .unimplemented, message: "more than one request message")
        }
        guard endStream else {
            request = .open(messages.first)
            return .wait
        }
        guard let message = messages.first else {
            throw RPCError(code: .unimplemented, message: "no request message")
        }
        return .run(message)
    }

    private func stream(_ messages: [ByteBuffer], _ endStream: Bool) -> RequestAction {
        messages.isEmpty && !endStream ? .wait : .deliver(messages, ended: endStream)
    }
}
