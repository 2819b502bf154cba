import GRPC
import Messages
import NIOCore

/// Typed handlers: bytes become messages on the way in, and messages bytes on the way out.
extension MethodTable {
    mutating func register<Request: ProtobufMessage, Response: ProtobufMessage>(
        _ method: MethodDescriptor,
        unary handler: @escaping @Sendable (Request, ServerContext) async throws(RPCError) -> Response
    ) {
        register(method) { bytes, context in
            ByteBuffer(bytes: try await handler(try Request(message: bytes), context).serialized())
        }
    }

    mutating func register<Request: ProtobufMessage, Response: ProtobufMessage>(
        _ method: MethodDescriptor,
        serverStreaming handler:
            @escaping @Sendable (Request, (Response) async throws -> Void) async throws -> Void
    ) {
        register(
            method,
            serverStreaming: { bytes, _, writer in
                try await handler(try Request(message: bytes)) { response in
                    try await writer.write(ByteBuffer(bytes: response.serialized()))
                }
            })
    }

    mutating func register<Request: ProtobufMessage, Response: ProtobufMessage>(
        _ method: MethodDescriptor,
        clientStreaming handler: @escaping @Sendable (MessageStream<Request>) async throws -> Response
    ) {
        register(
            method,
            clientStreaming: { stream, _ in
                ByteBuffer(bytes: try await handler(MessageStream(stream)).serialized())
            })
    }
}

/// The requests of a call, decoded one by one. Iteration throws INVALID_ARGUMENT for one that is malformed.
typealias MessageStream<Request: ProtobufMessage> = AsyncThrowingMapSequence<RequestStream, Request>

extension AsyncThrowingMapSequence where Base == RequestStream, Transformed: ProtobufMessage {
    fileprivate init(_ stream: RequestStream) {
        self = stream.map { try Transformed(message: $0) }
    }
}

extension ProtobufMessage {
    /// Decodes a message, or answers INVALID_ARGUMENT naming the field.
    init(message bytes: ByteBuffer) throws(RPCError) {
        do {
            try self.init(serialized: bytes.readableBytesSpan)
        } catch {
            throw RPCError(error)
        }
    }
}
