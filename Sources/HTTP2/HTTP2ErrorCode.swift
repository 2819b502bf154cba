/// The error codes of RST_STREAM and GOAWAY (RFC 9113, section 7). Unknown ones are kept as they are.
public struct HTTP2ErrorCode: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The number on the wire.
    public let rawValue: UInt32

    /// Makes the code of that number.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// No error: a graceful end.
    public static let noError = HTTP2ErrorCode(rawValue: 0x0)
    /// Any breach of the protocol without a code of its own.
    public static let protocolError = HTTP2ErrorCode(rawValue: 0x1)
    /// The sender failed.
    public static let internalError = HTTP2ErrorCode(rawValue: 0x2)
    /// A flow-control window was overrun.
    public static let flowControlError = HTTP2ErrorCode(rawValue: 0x3)
    /// SETTINGS were not acknowledged in time.
    public static let settingsTimeout = HTTP2ErrorCode(rawValue: 0x4)
    /// A frame for a stream that was half-closed already.
    public static let streamClosed = HTTP2ErrorCode(rawValue: 0x5)
    /// A frame of a wrong size.
    public static let frameSizeError = HTTP2ErrorCode(rawValue: 0x6)
    /// The stream was not processed at all: safe to retry.
    public static let refusedStream = HTTP2ErrorCode(rawValue: 0x7)
    /// The stream is not needed any more.
    public static let cancel = HTTP2ErrorCode(rawValue: 0x8)
    /// The HPACK state is lost.
    public static let compressionError = HTTP2ErrorCode(rawValue: 0x9)
    /// The connection behind CONNECT failed.
    public static let connectError = HTTP2ErrorCode(rawValue: 0xa)
    /// The peer causes too much load.
    public static let enhanceYourCalm = HTTP2ErrorCode(rawValue: 0xb)
    /// The TLS parameters are too weak.
    public static let inadequateSecurity = HTTP2ErrorCode(rawValue: 0xc)
    /// HTTP/1.1 is needed for this.
    public static let http11Required = HTTP2ErrorCode(rawValue: 0xd)

    private static let names = [
        "NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT",
        "STREAM_CLOSED", "FRAME_SIZE_ERROR", "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR",
        "CONNECT_ERROR", "ENHANCE_YOUR_CALM", "INADEQUATE_SECURITY", "HTTP_1_1_REQUIRED",
    ]

    /// The name of RFC 9113, or the number.
    public var description: String {
        rawValue < Self.names.count ? Self.names[Int(rawValue)] : "error code \(rawValue)"
    }
}
