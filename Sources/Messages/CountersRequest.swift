import CMessages

/// Which counters to tell: `dien.v1.CountersRequest`.
public struct CountersRequest: ProtobufMessage {
    /// Of this model; of all of them when empty.
    public var model: String

    /// A message of these parts.
    public init(
        model: String = ""
    ) {
        self.model = model
    }

    /// Decodes a `dien.v1.CountersRequest`.
    public init(serialized bytes: RawSpan) throws(MessageError) { self = try unsafe Self.decode(bytes) }

    /// Encodes a `dien.v1.CountersRequest`.
    public func serialized() -> [UInt8] { unsafe encode() }
}

extension CountersRequest: @unsafe CMessage {
    static let descriptor = unsafe MessageDescriptor(of: dien__v1__counters_request__init)

    init(copying message: Dien__V1__CountersRequest) throws(MessageError) {
        unsafe self.init(
            model: text(message.model))
    }

    func fill(_ message: inout Dien__V1__CountersRequest, in arena: Arena) {
        unsafe message.model = unsafe arena.copy(model)
    }
}
