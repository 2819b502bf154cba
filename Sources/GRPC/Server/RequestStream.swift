public import NIOCore
import HTTP2
import Synchronization

/// The request messages of a call, as they come. To be iterated once, by one task.
///
/// Messages not yet taken keep flow control closed, so a slow handler slows its client down. Iteration throws
/// `RPCError` CANCELLED or DEADLINE_EXCEEDED when the call ends before its requests do.
public struct RequestStream: AsyncSequence, Sendable {
    /// One message, without its prefix.
    public typealias Element = ByteBuffer

    let buffer: RequestBuffer

    /// Takes the messages one after another.
    public struct AsyncIterator: AsyncIteratorProtocol {
        let buffer: RequestBuffer

        /// The next message, or nil after the last.
        public mutating func next() async throws -> ByteBuffer? {
            try await buffer.next()
        }
    }

    /// The one iterator.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(buffer: buffer) }
}

/// Messages between the event loop and the handler.
final class RequestBuffer: Sendable {
    private enum End {
        case open
        case ended
        case failed(RPCError)
    }

    private struct State {
        var messages = CircularBuffer<ByteBuffer>()
        var end = End.open
        var waiter: CheckedContinuation<ByteBuffer?, any Error>?
        /// Bytes taken and not yet told to the connection.
        var takenBytes = 0
    }

    private let state = Mutex(State())
    private let id: StreamID
    private let mailbox: ConnectionMailbox
    /// Telling the connection of each small message would cost more than the message.
    private let reportBytes: Int

    init(id: StreamID, mailbox: ConnectionMailbox, windowBytes: Int) {
        self.id = id
        self.mailbox = mailbox
        reportBytes = min(windowBytes / 4, 64 << 10)
    }

    func deliver(_ messages: [ByteBuffer], ended: Bool) {
        let resume = state.withLock { state -> (() -> Void)? in
            state.messages.append(contentsOf: messages)
            if ended, case .open = state.end { state.end = .ended }
            guard let waiter = state.waiter else { return nil }
            guard let message = state.messages.popFirst() else {
                guard ended else { return nil }
                state.waiter = nil
                return { waiter.resume(returning: nil) }
            }
            state.waiter = nil
            let taken = account(message, &state)
            return { [mailbox, id] in
                if taken > 0 { mailbox.post(.consumed(id, taken)) }
                waiter.resume(returning: message)
            }
        }
        resume?()
    }

    /// Ends the stream with an error; messages not yet taken are dropped.
    func fail(_ error: RPCError) {
        let waiter = state.withLock { state in
            state.end = .failed(error)
            state.messages.removeAll()
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume(throwing: error)
    }

    func next() async throws -> ByteBuffer? {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                var taken = 0
                let result = state.withLock { state -> Result<ByteBuffer?, any Error>? in
                    if case .failed(let error) = state.end { return .failure(error) }
                    if let message = state.messages.popFirst() {
                        taken = account(message, &state)
                        return .success(message)
                    }
                    if case .ended = state.end { return .success(nil) }
                    guard state.waiter == nil else { return .failure(Self.secondIterator) }
                    state.waiter = continuation
                    return nil
                }
                if taken > 0 { mailbox.post(.consumed(id, taken)) }
                if let result { continuation.resume(with: result) }
            }
        } onCancel: {
            fail(RPCError(code: .cancelled, message: "the call was cancelled"))
        }
    }

    private func account(_ message: ByteBuffer, _ state: inout State) -> Int {
        state.takenBytes += message.readableBytes + MessageFraming.prefixLength
        guard state.takenBytes >= reportBytes else { return 0 }
        defer { state.takenBytes = 0 }
        return state.takenBytes
    }

    private static let secondIterator = RPCError(
        code: .internal, message: "a request stream can be read by one task at a time")
}
