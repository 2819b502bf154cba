public import NIOCore

/// Where the admin port listens, and what it holds its clients to.
public struct AdminConfiguration: Sendable {
    /// The address to bind. Nothing there is secret, and nothing asks who is calling: the loopback unless told otherwise.
    public var host = "127.0.0.1"
    /// The port to bind; 0 takes a free one.
    public var port = 0
    /// Connections open at once; further ones are closed on arrival.
    public var maxConnections = 64
    /// Bytes of a request's target and header fields together.
    public var maxHeaderBytes = 8 << 10
    /// From accepting to the end of the first request, and for a client to take an answer.
    public var requestTimeout = TimeAmount.seconds(5)
    /// From one answer to the end of the next request.
    public var keepAliveTimeout = TimeAmount.seconds(75)

    /// The defaults.
    public init() {}
}
