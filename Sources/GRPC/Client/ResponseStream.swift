public import NIOCore

/// The answers of a server-streaming call, message by message. For one reader.
public struct ResponseStream: AsyncSequence, Sendable {
    /// One message without its prefix.
    public typealias Element = ByteBuffer

    private let base: AsyncThrowingStream<ByteBuffer, any Error>
    private let delivered: @Sendable (Int) -> Void

    init(_ base: AsyncThrowingStream<ByteBuffer, any Error>, delivered: @escaping @Sendable (Int) -> Void) {
        self.base = base
        self.delivered = delivered
    }

    /// Starts reading.
    public func makeAsyncIterator() -> Iterator {
        Iterator(base: base.makeAsyncIterator(), delivered: delivered)
    }

    /// Reads one message after the other.
    public struct Iterator: AsyncIteratorProtocol {
        fileprivate var base: AsyncThrowingStream<ByteBuffer, any Error>.Iterator
        fileprivate let delivered: @Sendable (Int) -> Void

        /// The next message, or nil when the server ended the call with OK. Throws `RPCError` otherwise.
        public mutating func next() async throws -> ByteBuffer? {
            guard let message = try await base.next() else { return nil }
            delivered(message.readableBytes)
            return message
        }
    }
}
