public import NIOCore

/// What happened on a session, in wire order.
///
/// For each stream: one `headers` of a request or response, then `data`, then perhaps `headers` with trailers.
/// `closed` is always a stream's last event, and the only one that is sure to come.
public enum HTTP2Event: Sendable {
    /// A complete, valid header block.
    case headers(StreamID, HeaderBlock)
    /// Content, which counts against flow control until `consume` is called for it. May be empty at the end of a stream.
    case data(StreamID, ByteBuffer, endStream: Bool)
    /// The peer sent RST_STREAM; `closed` follows.
    case reset(StreamID, HTTP2ErrorCode)
    /// The stream is gone: both sides ended (`noError`), or it was reset, refused, or cut off by GOAWAY.
    case closed(StreamID, HTTP2ErrorCode)
    /// The bytes queued on a stream fell below `lowWaterBytes` after having been above `highWaterBytes`.
    case drained(StreamID)
    /// The peer's SETTINGS took effect.
    case settings(PeerSettings)
    /// The peer acknowledged our SETTINGS.
    case settingsAcknowledged
    /// The peer sent PING; the acknowledgement is already queued.
    case ping
    /// The peer acknowledged our PING with this payload.
    case pingAcknowledged(UInt64)
    /// The peer sent GOAWAY: streams above `lastStreamID` were not processed.
    case goAway(lastStreamID: StreamID, HTTP2ErrorCode, debugData: String)
    /// The peer broke a limit of `FloodLimits`: GOAWAY(ENHANCE_YOUR_CALM) is queued, nothing more is read.
    case flooded(FloodGuard.Kind)
}

/// What the peer's SETTINGS allow.
public struct PeerSettings: Sendable, Equatable {
    /// How many streams we may have open at once; nghttp2 holds further requests back by itself.
    public var maxConcurrentStreams: UInt32
    /// The window with which each stream starts, in octets.
    public var initialWindowSize: UInt32
    /// The largest frame payload the peer accepts, in octets.
    public var maxFrameSize: UInt32
    /// The largest header list the peer is willing to accept, in octets of `HeaderField.listSize`.
    public var maxHeaderListSize: UInt32
}
