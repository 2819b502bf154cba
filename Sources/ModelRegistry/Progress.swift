internal import Files

/// How far the hashing or copying of one file is.
public struct HashingProgress: Sendable, Equatable {
    /// The file.
    public let path: String
    /// Bytes done, and in all; equal at the end.
    public let done: UInt64, total: UInt64
}

extension Registry {
    /// Whoever is told; called on the working thread about once a MiB.
    public typealias Progress = @Sendable (HashingProgress) -> Void

    /// The same registry, telling `progress` how far it is with each file.
    public func reporting(to progress: @escaping Progress) -> Registry {
        var copy = self
        copy.progress = progress
        return copy
    }

    /// The digest of a mapped file, computed over the very pages that a reader will use.
    func digest(of file: MappedFile) -> Digest {
        Digest(hashing: file) { done in
            progress?(HashingProgress(path: file.path, done: done, total: UInt64(file.count)))
        }
    }

    /// Reads a file to its end, as `Digest.hashing` does, and tells how far it is.
    func digest(
        of file: any ReadableFile, at path: String,
        sink: (Span<UInt8>) throws(FileError) -> Void = { _ in }
    ) throws(FileError) -> (digest: Digest, size: UInt64) {
        var done: UInt64 = 0
        return try Digest.hashing(file) { (bytes) throws(FileError) in
            try sink(bytes)
            done += UInt64(bytes.count)
            progress?(HashingProgress(path: path, done: done, total: max(file.size, done)))
        }
    }
}
