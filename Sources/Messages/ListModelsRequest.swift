import CMessages

/// Which models to list: `dien.v1.ListModelsRequest`.
public struct ListModelsRequest: ProtobufMessage {
    /// Only this model; all of them when empty.
    public var name: String

    /// A request for one model, or for all.
    public init(name: String = "") {
        self.name = name
    }

    /// Decodes a `dien.v1.ListModelsRequest`.
    public init(serialized bytes: RawSpan) throws(MessageError) { self = try unsafe Self.decode(bytes) }

    /// Encodes a `dien.v1.ListModelsRequest`.
    public func serialized() -> [UInt8] { unsafe encode() }
}

extension ListModelsRequest: @unsafe CMessage {
    static let descriptor = unsafe MessageDescriptor(of: dien__v1__list_models_request__init)

    init(copying message: Dien__V1__ListModelsRequest) throws(MessageError) {
        unsafe self.init(name: text(message.name))
    }

    func fill(_ message: inout Dien__V1__ListModelsRequest, in arena: Arena) {
        unsafe message.name = unsafe arena.copy(name)
    }
}
