internal import Crypto
internal import Files

extension Digest {
    /// How much of a file is read, hashed and written at a time.
    static let chunkBytes = 1 << 20

    /// How much of a mapped file is hashed at a time: little enough to stay in the second-level cache, and below the size
    /// for which an allocation takes new pages of the system.
    private static let mappedChunkBytes = 1 << 16

    /// The digest of bytes in memory.
    public init(hashing bytes: [UInt8]) {
        self.init(bytes: SHA256.hash(data: bytes))
    }

    /// The digest of a mapped file, computed over the very pages that a reader will use.
    init(hashing file: MappedFile, progress: (UInt64) -> Void = { _ in }) {
        var hash = SHA256()
        for start in stride(from: 0, to: file.count, by: Self.mappedChunkBytes) {
            let end = min(start + Self.mappedChunkBytes, file.count)
            hash.update(data: file.copy(start..<end))
            progress(UInt64(end))
        }
        self.init(bytes: hash.finalize())
    }

    /// A digest of bytes that come piece by piece.
    struct Stream {
        private var hash = SHA256()
        /// How many have come.
        private(set) var count: UInt64 = 0

        mutating func update(_ bytes: [UInt8]) {
            hash.update(data: bytes)
            count += UInt64(bytes.count)
        }

        /// Of those that have come.
        var digest: Digest { Digest(bytes: hash.finalize()) }
    }

    /// Reads a file to its end in bounded memory, handing each piece to `sink`; gives its digest and its length.
    static func hashing(
        _ file: any ReadableFile, sink: (Span<UInt8>) throws(FileError) -> Void = { _ in }
    ) throws(FileError) -> (digest: Digest, size: UInt64) {
        var hash = SHA256()
        var size: UInt64 = 0
        var chunk = [UInt8](repeating: 0, count: chunkBytes)
        while true {
            let count = try file.read(into: &chunk)
            if count == 0 { return (Digest(bytes: hash.finalize()), size) }
            hash.update(data: chunk[..<count])
            try sink(chunk.span.extracting(0..<count))
            size += UInt64(count)
        }
    }
}
