internal import Glibc

/// A new file whose parts are written in any order, owned by one thread. Dropping it closes it.
public final class PositionedFile {
    /// Where it was created.
    public let path: String
    private var descriptor: Int32

    /// open(2) with `O_CREAT|O_EXCL`, mode 0644 less the umask.
    public init(creating path: String) throws(FileError) {
        self.path = path
        descriptor = try retryingInterrupts(.create, path) {
            unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        }
    }

    deinit {
        if descriptor >= 0 { _ = Glibc.close(descriptor) }
    }

    /// Gives the file `count` bytes, zeros until they are written, so that a full disk fails here and not half-way.
    public func preallocate(_ count: UInt64) throws(FileError) {
        guard let length = off_t(exactly: count) else {
            throw .system(.preallocate, path: path, errno: EFBIG)
        }
        try retryingInterrupts(.preallocate, path) { ftruncate(descriptor, length) }
        guard count > 0 else { return }
        while true {
            let code = posix_fallocate(descriptor, 0, length)
            // A file system without preallocation is no reason to fail: the writes will find out.
            if code == 0 || code == EOPNOTSUPP || code == EINVAL { return }
            if code != EINTR { throw .system(.preallocate, path: path, errno: code) }
        }
    }

    /// Puts all of `bytes` at `offset`, in bytes from the start: pwrite(2).
    @unsafe public func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(FileError) {
        var written = 0
        while written < bytes.count {
            let position = off_t(truncatingIfNeeded: offset) + off_t(written)
            let count = try retryingInterrupts(.write, path) {
                let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[written...])
                return unsafe pwrite(descriptor, rest.baseAddress, rest.count, position)
            }
            // As in writeAll: a loop on 0 would never end.
            if count == 0 { throw .system(.write, path: path, errno: EIO) }
            written += count
        }
    }

    /// Makes the content durable. After an error the content is unknown: give the file up, never call it again.
    public func synchronize() throws(FileError) {
        try once(.fsync, path) { fsync(descriptor) }
    }

    /// Closes it; later calls fail.
    public func close() throws(FileError) {
        let closing = descriptor
        descriptor = -1
        // Linux releases the descriptor even when close is interrupted: trying again could close a stranger's.
        if Glibc.close(closing) < 0, errno != EINTR { throw .system(.close, path: path, errno: errno) }
    }
}

extension PositionedFile {
    /// Puts all of `bytes` at `offset`, in bytes from the start.
    public func write(_ bytes: RawSpan, at offset: UInt64) throws(FileError) {
        try unsafe bytes.withUnsafeBytes { (pointer) throws(FileError) in
            try unsafe write(pointer, at: offset)
        }
    }

    /// Puts all of `bytes` at `offset`, in bytes from the start.
    public func write(_ bytes: [UInt8], at offset: UInt64 = 0) throws(FileError) {
        try unsafe bytes.withUnsafeBufferPointer { (pointer) throws(FileError) in
            try unsafe write(UnsafeRawBufferPointer(pointer), at: offset)
        }
    }
}
