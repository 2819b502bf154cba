public import NIOCore

/// Cuts the bytes of one stream into length-prefixed messages, wherever the DATA frames had their edges.
///
/// Memory is bounded by what the peer has really sent: a length that is only announced reserves nothing, and one
/// beyond the limit is refused as soon as the prefix is there.
public struct MessageDeframer: Sendable {
    /// A message without its prefix.
    public struct Message: Sendable, Hashable {
        /// The flag of the prefix: `payload` is compressed with the stream's `grpc-encoding`.
        public let compressed: Bool
        /// The message's bytes.
        public let payload: ByteBuffer
    }

    /// The longest message that is accepted, in bytes.
    public let maximumMessageLength: Int
    private var pending = ByteBuffer()
    private var prefix: (compressed: Bool, length: Int)?

    /// gRPC's usual limit for received messages, 4 MiB.
    public static let defaultMaximumMessageLength = 4 << 20

    /// A deframer at the start of a stream.
    public init(maximumMessageLength: Int = MessageDeframer.defaultMaximumMessageLength) {
        self.maximumMessageLength = maximumMessageLength
    }

    /// Takes the bytes of one DATA frame. Call `next()` until it returns nil before the next frame.
    public mutating func append(_ bytes: ByteBuffer) {
        guard bytes.readableBytes > 0 else { return }
        if pending.readableBytes == 0 {
            pending = bytes
        } else {
            pending.writeImmutableBuffer(bytes)
        }
    }

    /// The next whole message, or nil until more bytes are there.
    ///
    /// Throws `RPCError`: INTERNAL for a flag other than 0 and 1, RESOURCE_EXHAUSTED for a length beyond the
    /// limit. The stream is unusable after that.
    public mutating func next() throws(RPCError) -> Message? {
        if prefix == nil {
            guard let flag = pending.getInteger(at: pending.readerIndex, as: UInt8.self) else { return nil }
            guard flag <= 1 else {
                throw RPCError(code: .internal, message: "message flag \(flag): only 0 and 1 are defined")
            }
            guard let (_, length) = pending.readMultipleIntegers(as: (UInt8, UInt32).self) else { return nil }
            guard length <= maximumMessageLength else {
                throw RPCError(
                    code: .resourceExhausted,
                    message: "message of \(length) bytes is larger than the limit of \(maximumMessageLength)")
            }
            prefix = (flag == 1, Int(length))
        }
        guard let (compressed, length) = prefix, let payload = pending.readSlice(length: length) else {
            return nil
        }
        prefix = nil
        if pending.readableBytes == 0 { pending = ByteBuffer() }
        return Message(compressed: compressed, payload: payload)
    }

    /// Bytes held of messages that are not complete.
    public var bufferedBytes: Int { pending.readableBytes }

    /// Whether bytes of an unfinished message are held: the peer may not end the stream here.
    public var isInsideMessage: Bool { prefix != nil || pending.readableBytes > 0 }
}
