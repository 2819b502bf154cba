public import Files

/// Reads one file of a request log from its start to its end, in memory that the file's size does not grow. Whatever the
/// file holds, it ends, and allocates no more than the file is long. Owned by one thread.
public final class RequestLogReader {
    /// What the file begins with.
    public let header: RequestLogHeader
    /// Its size in bytes when it was opened; what is appended later is not read.
    public let size: UInt64
    /// Bytes read so far; for progress.
    public private(set) var offset: UInt64 = 0
    /// What was met so far that is not as it was written.
    public private(set) var damage: [RequestLogDamage] = []
    /// Records of kinds that this program does not know.
    public private(set) var unknownRecords = 0
    private let input: BufferedInput
    private var isAtEnd = false

    /// Opens a file and reads its header.
    ///
    /// - Throws: `notARequestLog`, `unknownVersion`, `damagedHeader`; `file` where it cannot be read.
    public init(_ path: String) throws(RequestLogError) {
        do throws(FileError) { input = try BufferedInput(LocalFileSystem().openFile(path)) } catch {
            throw .file(error)
        }
        size = input.size
        let begin = try Self.take(12, of: input)
        let length = try RequestLogHeader.length(begin)
        header = try RequestLogHeader(begin + Self.take(length - 12, of: input))
        offset = UInt64(length)
    }

    /// The next record; nil at the end, or where nothing more can be found. Damaged ones are stepped over, and told by
    /// ``damage``.
    public func next() throws(FileError) -> RequestLogRecord? {
        while !isAtEnd, let content = try nextContent() {
            let begin = offset
            offset += UInt64(RequestLogRecord.headCount + content.bytes.count)
            guard CRC32.checksum(content.bytes.span) == content.checksum else {
                damage.append(.content(offset: begin))
                continue
            }
            switch RequestLogRecord.read(content.bytes) {
            case .record(let record): return record
            case .unknownKind: unknownRecords += 1
            case .malformed: damage.append(.malformed(offset: begin))
            }
        }
        return nil
    }

    /// The content behind the next head; nil at the end of what can be read.
    private func nextContent() throws(FileError) -> (bytes: [UInt8], checksum: UInt32)? {
        let rest = size - min(offset, size)
        guard rest > 0 else { return end(nil) }
        guard rest >= UInt64(RequestLogRecord.headCount),
            let bytes = try input.take(RequestLogRecord.headCount)
        else { return end(.torn(offset: offset, bytes: rest)) }
        guard let head = RequestLogRecord.head(bytes) else {
            return end(.length(offset: offset, lostBytes: rest))
        }
        guard UInt64(RequestLogRecord.headCount + head.count) <= rest,
            let content = try input.take(head.count)
        else { return end(.torn(offset: offset, bytes: rest)) }
        return (content, head.checksum)
    }

    private func end(_ found: RequestLogDamage?) -> (bytes: [UInt8], checksum: UInt32)? {
        if let found { damage.append(found) }
        isAtEnd = true
        offset = size
        return nil
    }

    private static func take(_ count: Int, of input: BufferedInput) throws(RequestLogError) -> [UInt8] {
        do throws(FileError) {
            if let bytes = try input.take(count) { return bytes }
        } catch { throw .file(error) }
        throw .notARequestLog
    }
}

/// A file read in chunks.
private final class BufferedInput {
    let size: UInt64
    private let file: any ReadableFile
    private var chunk: [UInt8]
    private var available = 0..<0

    init(_ file: any ReadableFile) {
        self.file = file
        size = file.size
        chunk = [UInt8](repeating: 0, count: Int(min(max(file.size, 1), 1 << 17)))
    }

    /// The next bytes; nil where the file ends before them. What is asked for has to be known to be there.
    func take(_ count: Int) throws(FileError) -> [UInt8]? {
        var taken: [UInt8] = []
        taken.reserveCapacity(count)
        while taken.count < count {
            if available.isEmpty {
                available = 0..<(try file.read(into: &chunk))
                if available.isEmpty { return nil }
            }
            let part = available.prefix(count - taken.count)
            taken += chunk[part]
            available = part.upperBound..<available.upperBound
        }
        return taken
    }
}
