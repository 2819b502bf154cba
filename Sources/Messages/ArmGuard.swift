import CMessages

/// What a server's guard has done about an arm: `dien.v1.ArmGuard`.
public struct ArmGuard: ProtobufMessage {
    /// What.
    public var state: GuardState
    /// Why.
    public var reason: String
    /// Since when, in milliseconds since 1970-01-01T00:00:00Z.
    public var sinceUnixMilliseconds: UInt64

    /// A message of these parts.
    public init(
        state: GuardState = .unspecified, reason: String = "", sinceUnixMilliseconds: UInt64 = 0
    ) {
        self.state = state
        self.reason = reason
        self.sinceUnixMilliseconds = sinceUnixMilliseconds
    }

    /// Decodes a `dien.v1.ArmGuard`.
    public init(serialized bytes: RawSpan) throws(MessageError) { self = try unsafe Self.decode(bytes) }

    /// Encodes a `dien.v1.ArmGuard`.
    public func serialized() -> [UInt8] { unsafe encode() }
}

extension ArmGuard: @unsafe CMessage {
    static let descriptor = unsafe MessageDescriptor(of: dien__v1__arm_guard__init)

    init(copying message: Dien__V1__ArmGuard) throws(MessageError) {
        unsafe self.init(
            state: GuardState(message.state), reason: text(message.reason),
            sinceUnixMilliseconds: message.since_unix_milliseconds)
    }

    func fill(_ message: inout Dien__V1__ArmGuard, in arena: Arena) {
        unsafe message.state = state.cValue
        unsafe message.reason = unsafe arena.copy(reason)
        unsafe message.since_unix_milliseconds = sinceUnixMilliseconds
    }
}
