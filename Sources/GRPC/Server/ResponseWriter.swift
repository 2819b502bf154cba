public import NIOCore
import HTTP2
import Synchronization

/// Writes the response messages of a call, no faster than the client takes them.
public final class ResponseWriter: Sendable {
    private struct State {
        /// Bytes handed over and not yet relieved.
        var unsentBytes = 0
        var waiters: [CheckedContinuation<Void, any Error>] = []
        var isClosed = false
    }

    private let state = Mutex(State())
    private let id: StreamID
    private let mailbox: ConnectionMailbox
    private let highWaterBytes: Int
    private let maxMessageBytes: Int

    init(id: StreamID, mailbox: ConnectionMailbox, highWaterBytes: Int, maxMessageBytes: Int) {
        self.id = id
        self.mailbox = mailbox
        self.highWaterBytes = highWaterBytes
        self.maxMessageBytes = maxMessageBytes
    }

    /// Sends the response headers now, with `ServerContext.response.initial`, instead of with the first message.
    public func sendMetadata() {
        mailbox.post(.headers(id))
    }

    /// Queues one message, and waits while too much is queued because the client does not read.
    ///
    /// Throws `RPCError`: RESOURCE_EXHAUSTED for a message over the limit, CANCELLED once the call has ended.
    public func write(_ message: ByteBuffer) async throws {
        guard message.readableBytes <= maxMessageBytes else {
            throw RPCError.oversizedResponse(message.readableBytes, limit: maxMessageBytes)
        }
        let mustWait = try state.withLock { state throws(RPCError) in
            guard !state.isClosed else { throw Self.cancelled }
            state.unsentBytes += message.readableBytes + MessageFraming.prefixLength
            return state.unsentBytes > highWaterBytes
        }
        mailbox.post(.message(id, message))
        if mustWait { try await waitForRelief() }
    }

    private func waitForRelief() async throws {
        try await withCheckedThrowingContinuation { continuation in
            let result = state.withLock { state -> Result<Void, any Error>? in
                if state.isClosed { return .failure(Self.cancelled) }
                if state.unsentBytes <= highWaterBytes { return .success(()) }
                state.waiters.append(continuation)
                return nil
            }
            if let result { continuation.resume(with: result) }
        }
    }

    /// So many bytes of what was written no longer count as waiting.
    func relieve(_ byteCount: Int) {
        let waiters = state.withLock { state -> [CheckedContinuation<Void, any Error>] in
            state.unsentBytes -= byteCount
            guard state.unsentBytes <= highWaterBytes else { return [] }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    /// The call has ended; writes fail from now on.
    func close() {
        let waiters = state.withLock { state in
            state.isClosed = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume(throwing: Self.cancelled) }
    }

    private static let cancelled = RPCError(code: .cancelled, message: "the call has ended")
}

extension RPCError {
    static func oversizedResponse(_ bytes: Int, limit: Int) -> RPCError {
        RPCError(
            code: .resourceExhausted,
            message: "response of \(bytes) bytes is larger than the limit of \(limit)")
    }
}
