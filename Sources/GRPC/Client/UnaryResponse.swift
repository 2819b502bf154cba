public import NIOCore

/// The answer to a unary call that succeeded.
public struct UnaryResponse: Sendable {
    /// The one message.
    public let message: ByteBuffer
    /// The metadata sent ahead of the message.
    public let metadata: Metadata
    /// The metadata sent after it.
    public let trailers: Metadata
}
