import CMessages

/// A service's health: `grpc.health.v1.HealthCheckResponse`.
public struct HealthCheckResponse: ProtobufMessage {
    /// The states. Raw values are those of the protocol.
    public enum ServingStatus: Int, Sendable, CaseIterable {
        /// Not given, or newer than this code.
        case unknown = 0
        /// Calls are answered.
        case serving = 1
        /// Calls would fail.
        case notServing = 2
        /// Watch only: no such service.
        case serviceUnknown = 3
    }

    /// The state.
    public var status: ServingStatus

    /// A response of this state.
    public init(status: ServingStatus) {
        self.status = status
    }

    /// Decodes a `grpc.health.v1.HealthCheckResponse`.
    public init(serialized bytes: RawSpan) throws(MessageError) { self = try unsafe Self.decode(bytes) }

    /// Encodes a `grpc.health.v1.HealthCheckResponse`.
    public func serialized() -> [UInt8] { unsafe encode() }
}

extension HealthCheckResponse: @unsafe CMessage {
    static let descriptor = unsafe MessageDescriptor(of: grpc__health__v1__health_check_response__init)

    init(copying message: Grpc__Health__V1__HealthCheckResponse) throws(MessageError) {
        let value = unsafe Int(truncatingIfNeeded: message.status.rawValue)
        self.init(status: ServingStatus(rawValue: value) ?? .unknown)
    }

    func fill(_ message: inout Grpc__Health__V1__HealthCheckResponse, in arena: Arena) {
        unsafe message.status = Grpc__Health__V1__HealthCheckResponse__ServingStatus(UInt32(status.rawValue))
    }
}
