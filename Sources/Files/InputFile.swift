/// A regular file that is read from its start to its end, unpacked where it is gzip (RFC 1952): in bounded memory.
/// Owned by one thread.
public final class InputFile {
    /// Where it stands.
    public let path: String
    /// Its size on disk in bytes.
    public let size: UInt64
    /// Bytes taken from the disk so far; for progress.
    public private(set) var consumed: UInt64 = 0
    private let file: any ReadableFile
    private var chunk: [UInt8]
    private var available = 0..<0
    private var inflater: Inflater?
    private var isAtEnd = false

    /// Opens it and tells by its first two bytes whether it is gzip.
    public init(_ path: String) throws(FileError) {
        self.path = path
        file = try LocalFileSystem().openFile(path)
        size = file.size
        chunk = [UInt8](repeating: 0, count: 1 << 17)
        try refill()
        if available.count >= 2, chunk[0] == 0x1F, chunk[1] == 0x8B { inflater = try Inflater(path: path) }
    }

    /// Fills the front of `buffer` and tells how many bytes; 0 is the end.
    ///
    /// - Throws: `malformedArchive` when gzip data is damaged or ends too early.
    public func read(into buffer: inout [UInt8]) throws(FileError) -> Int {
        while true {
            if available.isEmpty, !isAtEnd { try refill() }
            guard let inflater else { return copy(into: &buffer) }
            if available.isEmpty, isAtEnd {
                guard inflater.isBetweenMembers else {
                    throw .malformedArchive(path: path, reason: "it ends in the middle")
                }
                return 0
            }
            let (used, made) = try inflater.inflate(chunk, available, into: &buffer)
            available = available.lowerBound + used..<available.upperBound
            if made > 0 { return made }
        }
    }

    private func refill() throws(FileError) {
        let count = try file.read(into: &chunk)
        available = 0..<count
        consumed += UInt64(count)
        isAtEnd = count == 0
    }

    private func copy(into buffer: inout [UInt8]) -> Int {
        let count = min(available.count, buffer.count)
        let begin = available.lowerBound
        buffer.replaceSubrange(0..<count, with: chunk[begin..<begin + count])
        available = begin + count..<available.upperBound
        return count
    }
}
