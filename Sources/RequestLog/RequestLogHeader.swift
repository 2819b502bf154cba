internal import Files

/// What a file of a request log begins with: docs/REQUEST_LOG.md, "Header".
public struct RequestLogHeader: Sendable, Equatable {
    /// The format that this program writes, and the only one that it reads.
    public static let version: UInt16 = 1
    /// Bytes of the header that this program writes.
    public static let count = 40
    /// A header of a later program may be longer, by this much at most.
    static let limit = 4096
    static let magic = Array("DIENLOG\n".utf8)

    /// When the file was begun: milliseconds since 1970-01-01T00:00:00Z.
    public var unixMilliseconds: UInt64
    /// Tells the writers of one folder apart.
    public var writer: UInt64
    /// The share of requests that were logged, in millionths.
    public var shareMillionths: UInt32

    /// A header of these parts.
    public init(unixMilliseconds: UInt64, writer: UInt64, shareMillionths: UInt32) {
        self.unixMilliseconds = unixMilliseconds
        self.writer = writer
        self.shareMillionths = shareMillionths
    }

    var encoded: [UInt8] {
        var bytes = ByteWriter()
        bytes.append(raw: Self.magic)
        bytes.append(Self.version)
        bytes.append(UInt16(Self.count))
        bytes.append(shareMillionths)
        bytes.append(unixMilliseconds)
        bytes.append(writer)
        bytes.append(UInt32(0))
        bytes.append(CRC32.checksum(bytes.bytes.span))
        return bytes.bytes
    }

    /// How long the header is whose first twelve bytes these are; throws for another format.
    static func length(_ begin: [UInt8]) throws(RequestLogError) -> Int {
        guard begin.count == 12, Array(begin[..<8]) == magic else { throw .notARequestLog }
        var reader = ByteReader(begin, 8..<12)
        guard let version = reader.number(UInt16.self), let length = reader.number(UInt16.self) else {
            throw .notARequestLog
        }
        guard version == Self.version else { throw .unknownVersion(version) }
        guard (count...limit).contains(Int(length)) else { throw .damagedHeader }
        return Int(length)
    }

    /// Reads a whole header; what is behind the fields that this program knows is left to later ones.
    init(_ bytes: [UInt8]) throws(RequestLogError) {
        guard bytes.count >= Self.count else { throw .damagedHeader }
        var sum = ByteReader(bytes, bytes.count - 4..<bytes.count)
        guard sum.number(UInt32.self) == CRC32.checksum(bytes.span.extracting(0..<bytes.count - 4)) else {
            throw .damagedHeader
        }
        var reader = ByteReader(bytes, 12..<bytes.count - 4)
        guard let share = reader.number(UInt32.self), share <= 1_000_000,
            let time = reader.number(UInt64.self), let writer = reader.number(UInt64.self)
        else { throw .damagedHeader }
        self.init(unixMilliseconds: time, writer: writer, shareMillionths: share)
    }
}
