internal import Glibc

/// An open file descriptor; closed by `close` or when the object goes.
final class LocalFile: WritableFile, ReadableFile {
    let path: String
    let size: UInt64
    private var descriptor: Int32

    /// Takes over an open descriptor of a regular file.
    init(path: String, descriptor: Int32, size: UInt64) {
        self.path = path
        self.descriptor = descriptor
        self.size = size
    }

    deinit {
        if descriptor >= 0 { _ = Glibc.close(descriptor) }
    }

    func preallocate(_ count: UInt64) throws(FileError) {
        guard count > 0 else { return }
        guard let length = off_t(exactly: count) else {
            throw .system(.preallocate, path: path, errno: EFBIG)
        }
        while true {
            let code = posix_fallocate(descriptor, 0, length)
            // A file system without preallocation is no reason to fail: the writes will find out.
            if code == 0 || code == EOPNOTSUPP || code == EINVAL { return }
            if code != EINTR { throw .system(.preallocate, path: path, errno: code) }
        }
    }

    func write(_ bytes: Span<UInt8>) throws(FileError) {
        try unsafe writeAll(bytes, path: path) { unsafe Glibc.write(descriptor, $0, $1) }
    }

    func synchronize() throws(FileError) {
        try once(.fsync, path) { fsync(descriptor) }
    }

    func lock() throws(FileError) {
        try retryingInterrupts(.lock, path) { flock(descriptor, LOCK_EX) }
    }

    func makeReadOnly() throws(FileError) {
        try retryingInterrupts(.chmod, path) { fchmod(descriptor, 0o444) }
    }

    func close() throws(FileError) {
        let closing = descriptor
        descriptor = -1
        // Linux releases the descriptor even when close is interrupted: trying again could close a stranger's.
        if Glibc.close(closing) < 0, errno != EINTR { throw .system(.close, path: path, errno: errno) }
    }

    func read(into buffer: inout [UInt8]) throws(FileError) -> Int {
        let descriptor = descriptor
        let path = path
        return try retryingInterrupts(.read, path) {
            unsafe buffer.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
        }
    }
}
