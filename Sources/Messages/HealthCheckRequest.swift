import CMessages

/// Whose health is asked for: `grpc.health.v1.HealthCheckRequest`.
public struct HealthCheckRequest: ProtobufMessage {
    /// A service's full name; empty for the whole server.
    public var service: String

    /// A question about one service, or the server.
    public init(service: String = "") {
        self.service = service
    }

    /// Decodes a `grpc.health.v1.HealthCheckRequest`.
    public init(serialized bytes: RawSpan) throws(MessageError) { self = try unsafe Self.decode(bytes) }

    /// Encodes a `grpc.health.v1.HealthCheckRequest`.
    public func serialized() -> [UInt8] { unsafe encode() }
}

extension HealthCheckRequest: @unsafe CMessage {
    static let descriptor = unsafe MessageDescriptor(of: grpc__health__v1__health_check_request__init)

    init(copying message: Grpc__Health__V1__HealthCheckRequest) throws(MessageError) {
        unsafe self.init(service: text(message.service))
    }

    func fill(_ message: inout Grpc__Health__V1__HealthCheckRequest, in arena: Arena) {
        unsafe message.service = unsafe arena.copy(service)
    }
}
