/// What a session offers its peer, and the limits it holds it to.
public struct HTTP2Configuration: Sendable {
    /// SETTINGS_MAX_CONCURRENT_STREAMS.
    public var maxConcurrentStreams: UInt32 = 1000
    /// The receive window of each stream, in octets.
    public var streamWindowBytes: Int32 = 1 << 20
    /// The receive window of the connection, in octets.
    public var connectionWindowBytes: Int32 = 8 << 20
    /// The largest header list accepted: the sum of `HeaderField.listSize`. Advertised to the peer.
    public var maxHeaderListBytes = 16 << 10
    /// The most fields accepted in one header block.
    public var maxHeaderCount = 128
    /// The most CONTINUATION frames in one header block.
    public var maxContinuations = 5
    /// The most entries in one SETTINGS frame.
    public var maxSettingsEntries = 32
    /// The most acknowledgements (of PING, SETTINGS) that may wait to be sent.
    public var maxOutboundAcknowledgements = 1000
    /// Above this many queued bytes, a stream counts as congested…
    public var highWaterBytes = 64 << 10
    /// …until it falls to this many, when `HTTP2Event.drained` is told.
    public var lowWaterBytes = 32 << 10
    /// The limits of costly frames.
    public var flood = FloodLimits()

    /// The defaults named beside each property.
    public init() {}
}
