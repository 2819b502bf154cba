/// A value that travels as a protobuf message.
public protocol ProtobufMessage: Sendable, Equatable {
    /// Decodes a message. Nothing of `bytes` is kept.
    ///
    /// Texts are checked to be UTF-8 without U+0000, memory is bounded by the length of `bytes`, and unknown fields
    /// are ignored. Throws `MessageError`, which names the field where one is at fault.
    init(serialized bytes: RawSpan) throws(MessageError)

    /// Encodes the message. U+0000 is left out of texts, since the decoder of every peer of ours refuses it.
    func serialized() -> [UInt8]
}

extension ProtobufMessage {
    /// Decodes a message out of an array. The same as `init(serialized:)` otherwise.
    public init(serialized bytes: [UInt8]) throws(MessageError) {
        let bytes = bytes.span
        try unsafe self.init(serialized: bytes.bytes)
    }
}
