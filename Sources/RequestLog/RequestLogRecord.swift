internal import Files

/// A record of a request log. Readers step over kinds that they do not know.
public enum RequestLogRecord: Sendable, Equatable {
    /// A request and its answer.
    case request(LoggedRequest)

    /// What a record begins with: its length, the check sum of its content, and the check sum of these two.
    static let headCount = 12
    /// A longer one is none of ours, and is not read: messages are limited to 1 GiB, sensible ones to megabytes.
    static let limit = 1 << 26
    /// Kinds by their numbers.
    static let requestKind: UInt16 = 1

    /// About how much memory it takes.
    var byteCount: Int {
        switch self {
        case .request(let request): request.byteCount
        }
    }

    /// Head and content; nil where it would be longer than a reader takes.
    var encoded: [UInt8]? {
        guard case .request(let request) = self, let payload = request.encoded,
            payload.count + 4 <= Self.limit
        else { return nil }
        var content = ByteWriter()
        content.append(Self.requestKind)
        content.append(UInt16(0))
        content.append(raw: payload)
        var record = ByteWriter()
        record.append(UInt32(content.bytes.count))
        record.append(CRC32.checksum(content.bytes.span))
        record.append(CRC32.checksum(record.bytes.span))
        record.append(raw: content.bytes)
        return record.bytes
    }

    /// The content's length and check sum; nil where the head is damaged. Precondition: twelve bytes.
    static func head(_ bytes: [UInt8]) -> (count: Int, checksum: UInt32)? {
        var reader = ByteReader(bytes, 0..<headCount)
        guard let count = reader.number(UInt32.self), let checksum = reader.number(UInt32.self),
            reader.number(UInt32.self) == CRC32.checksum(bytes.span.extracting(0..<8)),
            (4...limit).contains(Int(count))
        else { return nil }
        return (Int(count), checksum)
    }

    /// What a content says.
    enum Content: Equatable {
        case record(RequestLogRecord)
        /// A kind that a later program writes.
        case unknownKind
        case malformed
    }

    /// Reads a content whose check sum is right.
    static func read(_ content: [UInt8]) -> Content {
        var reader = ByteReader(content, 0..<content.count)
        guard let kind = reader.number(UInt16.self), reader.number(UInt16.self) != nil else {
            return .malformed
        }
        guard kind == requestKind else { return .unknownKind }
        return LoggedRequest(&reader).map { .record(.request($0)) } ?? .malformed
    }
}
