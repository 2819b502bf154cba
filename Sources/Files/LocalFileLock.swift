internal import Glibc

/// flock(2) on a descriptor of its own, so that two locks of one process exclude each other too.
final class LocalFileLock: FileLock {
    private var descriptor: Int32

    private init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { release() }

    func release() {
        guard descriptor >= 0 else { return }
        _ = close(descriptor)
        descriptor = -1
    }

    /// Nil when somebody else holds it and `waiting` is false.
    static func take(
        _ path: String, _ kind: FileLockKind, waiting: Bool, creating: Bool
    ) throws(FileError) -> LocalFileLock? {
        let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | (creating ? O_CREAT : 0)
        let descriptor = try retryingInterrupts(.open, path) { unsafe open(path, flags, 0o644) }
        let lock = LocalFileLock(descriptor: descriptor)
        let operation = (kind == .shared ? LOCK_SH : LOCK_EX) | (waiting ? 0 : LOCK_NB)
        do {
            try retryingInterrupts(.lock, path) { flock(descriptor, operation) }
        } catch {
            if error.code == EWOULDBLOCK { return nil }
            throw error
        }
        return lock
    }
}

extension LocalFileSystem {
    /// open(2), flock(2).
    public func lock(
        _ path: String, _ kind: FileLockKind, waiting: Bool, creating: Bool
    ) throws(FileError) -> (any FileLock)? {
        try LocalFileLock.take(path, kind, waiting: waiting, creating: creating)
    }
}
