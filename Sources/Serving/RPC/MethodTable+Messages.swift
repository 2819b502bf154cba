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
