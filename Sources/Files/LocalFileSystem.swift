internal import Glibc

/// The operating system's file system.
public struct LocalFileSystem: FileSystem {
    /// Whether `map` copies files into memory, as `MappedFile(reading:)` does: for a network's file system.
    public let isCopying: Bool

    /// The one there is; files are mapped, or with `copying` read, by `map`.
    public init(copying: Bool = false) { isCopying = copying }

    /// open(2) with `O_CREAT|O_EXCL`, mode 0600.
    public func createFile(_ path: String) throws(FileError) -> any WritableFile {
        let descriptor = try retryingInterrupts(.create, path) {
            unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        }
        return LocalFile(path: path, descriptor: descriptor, size: 0)
    }

    /// open(2) for reading, then fstat(2) to see that it is a regular file.
    public func openFile(_ path: String) throws(FileError) -> any ReadableFile {
        let (descriptor, size) = try Self.openRegular(path)
        return LocalFile(path: path, descriptor: descriptor, size: size)
    }

    /// open(2), fstat(2), mmap(2); read(2) to the end where it is copying.
    public func map(_ path: String) throws(FileError) -> MappedFile {
        isCopying ? try MappedFile(reading: path) : try MappedFile(path: path)
    }

    /// lstat(2).
    public func status(_ path: String) throws(FileError) -> FileStatus? {
        var found = stat()
        do {
            try retryingInterrupts(.stat, path) { unsafe lstat(path, &found) }
        } catch {
            if error.isNotFound { return nil }
            throw error
        }
        let kind: FileStatus.Kind =
            switch found.st_mode & S_IFMT {
            case S_IFREG: .regular
            case S_IFDIR: .directory
            default: .other
            }
        return FileStatus(kind: kind, size: UInt64(found.st_size))
    }

    /// access(2).
    public func exists(_ path: String) -> Bool {
        unsafe access(path, F_OK) == 0
    }

    /// link(2).
    public func link(_ path: String, to newPath: String) throws(FileError) {
        try retryingInterrupts(.link, newPath) { unsafe Glibc.link(path, newPath) }
    }

    /// rename(2).
    public func rename(_ path: String, to newPath: String) throws(FileError) {
        try retryingInterrupts(.rename, newPath) { unsafe Glibc.rename(path, newPath) }
    }

    /// unlink(2).
    public func unlink(_ path: String) throws(FileError) {
        try retryingInterrupts(.unlink, path) { unsafe Glibc.unlink(path) }
    }

    /// Opens a regular file for reading. Non-blocking, since opening a pipe would otherwise wait for its writer.
    static func openRegular(_ path: String) throws(FileError) -> (descriptor: Int32, size: UInt64) {
        let descriptor = try retryingInterrupts(.open, path) {
            unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        }
        var found = stat()
        let failed = unsafe fstat(descriptor, &found) != 0
        let code = errno
        guard !failed, found.st_mode & S_IFMT == S_IFREG else {
            _ = close(descriptor)
            throw failed ? .system(.stat, path: path, errno: code) : .notRegularFile(path: path)
        }
        return (descriptor, UInt64(found.st_size))
    }
}
