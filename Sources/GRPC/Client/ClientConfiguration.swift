/// What a client connection holds itself and its server to.
public struct ClientConfiguration: Sendable {
    /// The longest response message that is accepted, in bytes.
    public var maximumMessageLength = MessageDeframer.defaultMaximumMessageLength
    /// How long establishing the connection may take; a call's own deadline may be sooner.
    public var connectTimeout: Duration = .seconds(10)
    /// What the server's logs see as the caller.
    public var userAgent = "grpc-swift-dien"

    /// The defaults named beside each property.
    public init() {}
}
