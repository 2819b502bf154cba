import HTTP2
import Logging
import NIOCore

/// Runs one handler off the event loop, and posts its outcome exactly once.
struct HandlerTask {
    let id: StreamID
    let entry: MethodTable.Entry
    let context: ServerContext
    let mailbox: ConnectionMailbox
    let logger: Logger

    /// For methods with one request: leaves the loop with the complete message and returns with the outcome.
    func start(_ request: ByteBuffer, _ writer: ResponseWriter?) -> Task<Void, Never> {
        Task {
            await finish {
                switch entry.handler {
                case .unary(let handle): try await handle(request, context)
                case .serverStreaming(let handle):
                    try await stream(writer) { try await handle(request, context, $0) }
                case .posted, .clientStreaming, .bidirectional: preconditionFailure("is started otherwise")
                }
            }
        }
    }

    /// For methods whose response is computed elsewhere: there is no task.
    func post(_ request: ByteBuffer, to handle: MethodTable.Posted) {
        let (id, mailbox) = (id, mailbox)
        handle(request, context, Reply { mailbox.post(.finished(id, $0.map { Optional($0) })) })
    }

    /// For methods with a stream of requests.
    func start(_ requests: RequestStream, _ writer: ResponseWriter?) -> Task<Void, Never> {
        Task {
            await finish {
                switch entry.handler {
                case .clientStreaming(let handle): try await handle(requests, context)
                case .bidirectional(let handle):
                    try await stream(writer) { try await handle(requests, context, $0) }
                case .unary, .posted, .serverStreaming: preconditionFailure("takes one request")
                }
            }
        }
    }

    private func stream(
        _ writer: ResponseWriter?, _ handle: (ResponseWriter) async throws -> Void
    ) async throws -> ByteBuffer? {
        if let writer { try await handle(writer) }
        return nil
    }

    private func finish(_ handle: () async throws -> ByteBuffer?) async {
        do {
            // Work must not start once nobody waits for it, however long the task was queued.
            if let deadline = context.deadline, deadline.hasPassed() { throw RPCError.deadlineExceeded }
            try Task.checkCancellation()
            mailbox.post(.finished(id, .success(try await handle())))
        } catch let error as RPCError {
            mailbox.post(.finished(id, .failure(error)))
        } catch is CancellationError {
            mailbox.post(.finished(id, .failure(.cancelled)))
        } catch {
            // What exactly broke is for our log, not for the client.
            logger.error("handler failed", metadata: ["method": "\(context.method)", "error": "\(error)"])
            let unknown = RPCError(code: .unknown, message: "the handler of \(context.method) failed")
            mailbox.post(.finished(id, .failure(unknown)))
        }
    }
}

extension RPCError {
    static let deadlineExceeded = RPCError(code: .deadlineExceeded, message: "the deadline passed")
    static let cancelled = RPCError(code: .cancelled, message: "the call was cancelled")
    static let connectionLost = RPCError(code: .cancelled, message: "the connection was lost")
    static let shuttingDown = RPCError(code: .unavailable, message: "the server is shutting down")
}
