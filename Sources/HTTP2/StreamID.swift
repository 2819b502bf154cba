/// The identifier of an HTTP/2 stream (RFC 9113, section 5.1.1): odd for those a client opens; 0 is the connection.
public struct StreamID: RawRepresentable, Hashable, Sendable, Comparable, CustomStringConvertible {
    public let rawValue: Int32

    public init(rawValue: Int32) { self.rawValue = rawValue }

    /// The connection itself.
    public static let connection = StreamID(rawValue: 0)

    public static func < (a: StreamID, b: StreamID) -> Bool { a.rawValue < b.rawValue }

    public var description: String { "stream \(rawValue)" }
}
