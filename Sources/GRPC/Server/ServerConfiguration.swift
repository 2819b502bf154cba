public import HTTP2
public import NIOCore

/// Where a server listens, and every limit it holds its clients to. The defaults are stated beside each property.
public struct ServerConfiguration: Sendable {
    /// The address to bind: an IP address or a name.
    public var host = "127.0.0.1"
    /// The port to bind; 0 lets the system choose, and `GRPCServer.start` tells.
    public var port = 0
    /// Threads that move bytes. Handlers run elsewhere, so few are enough.
    public var eventLoopThreads = 1
    /// Connections the kernel may hold for us to accept.
    public var backlog: Int32 = 512
    /// Connections open at once; further ones are closed on arrival.
    public var maxConnections = 1024

    /// The largest request message, in bytes, without its prefix.
    public var maxReceiveMessageBytes = 4 << 20
    /// The largest response message, in bytes, without its prefix.
    public var maxSendMessageBytes = 4 << 20
    /// Request bytes of unfinished messages held for one connection, in bytes, over all its calls.
    public var maxBufferedRequestBytes = 64 << 20
    /// Handlers running for one connection, those of cancelled calls included. Further calls are refused unseen
    /// (REFUSED_STREAM), so that opening and cancelling calls in a row earns no more work than waiting for them.
    public var maxRunningHandlers = 1000
    /// Response headers and trailers together, in octets of `HeaderField.listSize`: what every client accepts.
    public var maxResponseHeaderBytes = 8 << 10

    /// From accepting to the client's SETTINGS and its acknowledgement of ours.
    public var handshakeTimeout = TimeAmount.seconds(10)
    /// From the first to the last frame of one header block.
    public var headerBlockTimeout = TimeAmount.seconds(10)
    /// How long a client may leave a message unfinished without sending more of it.
    public var receiveStallTimeout = TimeAmount.seconds(30)
    /// How long a client may leave response bytes, of one call or of the connection, without taking any.
    public var sendStallTimeout = TimeAmount.seconds(30)
    /// Connections without calls are closed after this long, gracefully.
    public var maxConnectionIdle = TimeAmount.minutes(30)
    /// Connections are closed at this age, give or take a tenth, gracefully; nil lets them live.
    public var maxConnectionAge: TimeAmount?
    /// After this long without a byte from the client, it is asked for a sign of life (PING)…
    public var keepaliveTime = TimeAmount.hours(2)
    /// …for which it has this long.
    public var keepaliveTimeout = TimeAmount.seconds(20)
    /// A client's PINGs closer together than this, with nothing sent by us in between, are strikes…
    public var minPingInterval = TimeAmount.minutes(5)
    /// …and without calls this is the interval…
    public var minPingIntervalWithoutCalls = TimeAmount.hours(2)
    /// …of which more than so many end the connection (ENHANCE_YOUR_CALM, `too_many_pings`).
    public var maxPingStrikes = 2
    /// When draining, how long to wait for the client to have seen the first GOAWAY before the final one.
    public var goAwayTimeout = TimeAmount.seconds(1)
    /// How long to wait for the client's FIN after ours, so that unread bytes do not destroy what we sent last.
    public var lingerTimeout = TimeAmount.seconds(1)

    /// Windows, stream count, header list and flood limits of HTTP/2.
    public var http2 = HTTP2Configuration()

    /// The defaults.
    public init() {}
}
