import HTTP2
import NIOCore

/// One call in progress, on the connection's event loop.
final class ClientCall {
    let request: CallRequest
    /// Fires at the deadline.
    var timer: Scheduled<Void>?
    /// The connection and the stream that it runs on; nil while it waits for one.
    var connection: ClientHandler?
    var stream: StreamID?
    /// How often it was given to a connection.
    var attempts = 0

    private var reader: ResponseReader
    private let maximumMessageLength: Int
    private var message: ByteBuffer?
    private var messageCount = 0
    private var isFinished = false
    /// Bytes of messages that wait for the reader of a stream of responses.
    private var undelivered = 0
    /// Received bytes that have not been given back to the flow-control window.
    private var owed = 0

    /// While more than this waits to be read, the server's window is not refilled.
    private static let maximumUndelivered = 256 << 10

    init(_ request: CallRequest, maximumMessageLength: Int) {
        self.request = request
        self.maximumMessageLength = maximumMessageLength
        reader = ResponseReader(maximumMessageLength: maximumMessageLength)
    }

    /// No part of an answer was seen: if the server says that it did nothing, the call may go out again.
    var canBeRepeated: Bool { !reader.hasBegun && attempts < 3 }

    func receive(_ block: HeaderBlock) throws(RPCError) {
        guard let end = try reader.receive(block) else { return }
        guard end.status.code == .ok else {
            throw RPCError(code: end.status.code, message: end.status.message, metadata: end.trailers)
        }
        try succeed(trailers: end.trailers)
    }

    /// Takes content; returns how many bytes to give back to the window now.
    func receive(_ content: ByteBuffer) throws(RPCError) -> Int {
        owed += content.readableBytes
        for payload in try reader.receive(content) {
            messageCount += 1
            switch request.receiver {
            case .unary:
                guard messageCount == 1 else { throw ClientCall.wrongCount(2) }
                message = payload
            case .serverStreaming(let continuation):
                undelivered += payload.readableBytes + MessageFraming.prefixLength
                continuation.yield(payload)
            }
        }
        return takeCredit()
    }

    /// The reader of a stream took a message; returns how many bytes to give back to the window now.
    func delivered(_ payloadLength: Int) -> Int {
        undelivered -= payloadLength + MessageFraming.prefixLength
        return takeCredit()
    }

    func error(closedWith code: HTTP2ErrorCode) -> RPCError { reader.error(closedWith: code) }

    func fail(_ error: RPCError) {
        finish(.failure(error))
    }

    private func takeCredit() -> Int {
        guard undelivered <= ClientCall.maximumUndelivered else { return 0 }
        defer { owed = 0 }
        return owed
    }

    private func succeed(trailers: Metadata) throws(RPCError) {
        switch request.receiver {
        case .unary:
            guard let message else { throw ClientCall.wrongCount(0) }
            finish(.success(UnaryResponse(message: message, metadata: reader.metadata, trailers: trailers)))
        case .serverStreaming(let continuation):
            finish(nil)
            continuation.finish()
        }
    }

    private func finish(_ result: Result<UnaryResponse, RPCError>?) {
        guard !isFinished else { return }
        isFinished = true
        timer?.cancel()
        switch (request.receiver, result) {
        case (.unary(let complete), .some(let result)): complete(result)
        case (.serverStreaming(let continuation), .failure(let error)): continuation.finish(throwing: error)
        default: break
        }
    }

    private static func wrongCount(_ count: Int) -> RPCError {
        RPCError(
            code: .unimplemented,
            message: "a unary call was answered with \(count == 0 ? "no message" : "more than one message")")
    }
}
