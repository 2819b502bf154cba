import HTTP2
import NIOCore
import Synchronization

/// Everything that a call sends, and who waits for its answer.
struct CallRequest: Sendable {
    /// Where the answer goes.
    enum Receiver: Sendable {
        /// Called exactly once.
        case unary(@Sendable (Result<UnaryResponse, RPCError>) -> Void)
        /// Fed message by message, and finished exactly once.
        case serverStreaming(AsyncThrowingStream<ByteBuffer, any Error>.Continuation)
    }

    let token: CallToken
    let method: MethodDescriptor
    let message: ByteBuffer
    let metadata: Metadata
    let deadline: Deadline?
    let receiver: Receiver

    /// The request's header block (gRPC over HTTP/2, "Requests"), with the time that is left now.
    func headerFields(authority: String, userAgent: String) -> [HeaderField] {
        var fields = [
            HeaderField(":method", "POST"), HeaderField(":scheme", "http"), HeaderField(":path", method.path),
            HeaderField(":authority", authority), HeaderField("te", "trailers"),
        ]
        if let deadline { fields.append(HeaderField("grpc-timeout", deadline.timeout().wireValue)) }
        fields.append(HeaderField("content-type", "application/grpc"))
        fields.append(HeaderField("user-agent", userAgent))
        for field in metadata.wireFields { fields.append(HeaderField(field.name, field.value)) }
        return fields
    }
}

/// A call's identity, by which its caller can give it up from any thread.
///
/// The flag closes the gap between a cancellation and a start that reach the event loop in either order: the start
/// sees the flag, or the cancellation finds the call.
final class CallToken: Sendable {
    private let flag = Atomic(false)

    var isCancelled: Bool { flag.load(ordering: .acquiring) }

    func cancel() { flag.store(true, ordering: .releasing) }
}
