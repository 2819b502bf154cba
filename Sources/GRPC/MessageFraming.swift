public import NIOCore

/// Writes length-prefixed messages: one flag byte, four bytes of length in network order, the message.
public enum MessageFraming {
    /// How many bytes stand before a message.
    public static let prefixLength = 5

    /// Appends one message with its prefix.
    ///
    /// A message must be shorter than 4 GiB. `compressed` states what `message` is; nothing is compressed here.
    public static func write(_ message: ByteBuffer, compressed: Bool = false, into buffer: inout ByteBuffer) {
        precondition(message.readableBytes <= UInt32.max, "a message must be shorter than 4 GiB")
        buffer.reserveCapacity(minimumWritableBytes: prefixLength + message.readableBytes)
        buffer.writeInteger(compressed ? UInt8(1) : UInt8(0))
        buffer.writeInteger(UInt32(message.readableBytes))
        buffer.writeImmutableBuffer(message)
    }

    /// One message with its prefix in a buffer of its own.
    public static func framed(_ message: ByteBuffer, compressed: Bool = false) -> ByteBuffer {
        var buffer = ByteBuffer()
        write(message, compressed: compressed, into: &buffer)
        return buffer
    }
}
