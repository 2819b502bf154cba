public import NIOCore
import NIOPosix

/// A client's connection to one server: any number of calls at once on one HTTP/2 connection.
///
/// It connects when the first call comes, and again when the next call comes after the connection was lost or the
/// server said GOAWAY. A call fails with `RPCError`; one that the server certainly did not begin is sent again on
/// another connection without the caller noticing. May be used from any task.
public final class ClientConnection: Sendable {
    /// The thread that the connection runs on.
    public let eventLoop: any EventLoop
    private let transport: NIOLoopBoundBox<ClientTransport>

    /// A connection to this address, not established yet. It runs on one thread of `group`,
    /// by default of the process-wide one.
    public init(
        host: String, port: Int, configuration: ClientConfiguration = ClientConfiguration(),
        group: (any EventLoopGroup)? = nil
    ) {
        eventLoop = (group ?? MultiThreadedEventLoopGroup.singleton).next()
        transport = NIOLoopBoundBox.makeBoxSendingValue(
            ClientTransport(host: host, port: port, eventLoop: eventLoop, configuration: configuration),
            eventLoop: eventLoop)
    }

    deinit {
        // Without this the open socket would keep a connection alive that nobody can reach any more.
        eventLoop.execute { [transport] in transport.value.close() }
    }

    /// Sends one message and waits for the one answer.
    ///
    /// The deadline goes to the server as `grpc-timeout` and is kept here too. Cancelling the task resets the
    /// stream. Throws `RPCError` with the server's status, or CANCELLED, DEADLINE_EXCEEDED, UNAVAILABLE (no
    /// connection; the message names the address), INVALID_ARGUMENT (metadata that can not be sent) of our own.
    public func unary(
        _ method: MethodDescriptor, _ message: ByteBuffer, metadata: Metadata = Metadata(),
        deadline: Deadline? = nil
    ) async throws(RPCError) -> UnaryResponse {
        try metadata.validateForSending()
        let token = CallToken()
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                start(
                    CallRequest(
                        token: token, method: method, message: message, metadata: metadata,
                        deadline: deadline,
                        receiver: .unary { continuation.resume(returning: $0) }))
            }
        } onCancel: {
            cancel(token)
        }
        return try result.get()
    }

    /// Sends one message; `completion` gets the result of the call, once, on `eventLoop`.
    ///
    /// The same as the form that waits, without a task: called on `eventLoop`, the call is begun at once. `completion`
    /// may begin further calls; it is called before this returns where the call fails at once.
    public func unary(
        _ method: MethodDescriptor, _ message: ByteBuffer, metadata: Metadata = Metadata(),
        deadline: Deadline? = nil, completion: @escaping @Sendable (Result<UnaryResponse, RPCError>) -> Void
    ) {
        do throws(RPCError) {
            try metadata.validateForSending()
        } catch {
            return eventLoop.execute { completion(.failure(error)) }
        }
        start(
            CallRequest(
                token: CallToken(), method: method, message: message, metadata: metadata, deadline: deadline,
                receiver: .unary(completion)))
    }

    /// Sends one message and returns the stream of answers.
    ///
    /// The stream throws `RPCError` where the call fails. Messages are held back by flow control while nobody reads
    /// them. Leaving the loop or cancelling the task that reads resets the call.
    public func serverStreaming(
        _ method: MethodDescriptor, _ message: ByteBuffer, metadata: Metadata = Metadata(),
        deadline: Deadline? = nil
    ) throws(RPCError) -> ResponseStream {
        try metadata.validateForSending()
        let token = CallToken()
        let (stream, continuation) = AsyncThrowingStream<ByteBuffer, any Error>.makeStream()
        continuation.onTermination = { [self] reason in
            if case .cancelled = reason { cancel(token) }
        }
        start(
            CallRequest(
                token: token, method: method, message: message, metadata: metadata, deadline: deadline,
                receiver: .serverStreaming(continuation)))
        return ResponseStream(stream) { [eventLoop, transport] length in
            eventLoop.execute { transport.value.delivered(length, token) }
        }
    }

    /// Closes the connection. Calls in progress, and later ones, fail as UNAVAILABLE.
    public func close() async {
        let transport = transport
        try? await eventLoop.submit { transport.value.close() }.get()
    }

    private func start(_ request: CallRequest) {
        if eventLoop.inEventLoop { return transport.value.start(request) }
        let transport = transport
        eventLoop.execute { transport.value.start(request) }
    }

    private func cancel(_ token: CallToken) {
        token.cancel()
        let transport = transport
        eventLoop.execute { transport.value.cancel(token) }
    }
}
