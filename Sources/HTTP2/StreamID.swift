/// The identifier of an HTTP/2 stream (RFC 9113, section 5.1.1): odd for those a client opens; 0 is the connection.
public struct StreamID: RawRepresentable, Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The number on the wire, 0 to 2^31 − 1.
    public let rawValue: Int32

    /// Makes the identifier of that number.
    public init(rawValue: Int32) { self.rawValue = rawValue }

    /// The connection itself.
    public static let connection = StreamID(rawValue: 0)

    /// Newer streams have larger identifiers.
    public static func < (a: StreamID, b: StreamID) -> Bool { a.rawValue < b.rawValue }

    /// For logs: `stream 7`.
    public var description: String { "stream \(rawValue)" }
}
