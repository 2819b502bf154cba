/// What a path names, without following a symbolic link in its last component.
public struct FileStatus: Sendable, Equatable {
    /// The kinds that callers tell apart.
    public enum Kind: Sendable, Equatable {
        case regular, directory, other
    }

    /// What stands at the path.
    public let kind: Kind
    /// Its size in bytes.
    public let size: UInt64

    /// A status; made by file systems.
    public init(kind: Kind, size: UInt64) {
        self.kind = kind
        self.size = size
    }
}

/// The operations through which everything durable reaches the disk.
///
/// Each one is a single step that a crash can separate from the next, so that a file system which drops, tears or
/// reorders unsynced steps can stand in for the real one. Nothing is durable before `synchronize` of the file
/// and `synchronizeDirectory` of the directory that names it.
public protocol FileSystem: Sendable {
    /// Creates a file that must not exist yet, readable and writable by its owner only, open for writing.
    func createFile(_ path: String) throws(FileError) -> any WritableFile
    /// Opens a regular file for reading from its start.
    func openFile(_ path: String) throws(FileError) -> any ReadableFile
    /// Maps a regular file read-only.
    func map(_ path: String) throws(FileError) -> MappedFile
    /// What stands at the path, or nil when nothing does.
    func status(_ path: String) throws(FileError) -> FileStatus?
    /// Whether the path exists: one access(2), nothing is opened.
    func exists(_ path: String) -> Bool
    /// The names in a directory, without `.` and `..`, in no particular order.
    func list(_ path: String) throws(FileError) -> [String]
    /// Creates a directory; false when it was there already.
    @discardableResult
    func createDirectory(_ path: String) throws(FileError) -> Bool
    /// Gives a file a second name; fails when that name is taken, so of many callers exactly one succeeds.
    func link(_ path: String, to newPath: String) throws(FileError)
    /// Renames a file, replacing what stood at the new path.
    func rename(_ path: String, to newPath: String) throws(FileError)
    /// Removes one name of a file.
    func unlink(_ path: String) throws(FileError)
    /// Makes the names in a directory durable. After an error the directory's state is unknown: never call it again.
    func synchronizeDirectory(_ path: String) throws(FileError)
    /// Locks a file, which is first created, empty, if `creating`. When somebody else holds it, waits, or gives nil.
    func lock(
        _ path: String, _ kind: FileLockKind, waiting: Bool, creating: Bool
    ) throws(FileError) -> (any FileLock)?
}

extension FileSystem {
    /// The whole content of a regular file of at most `limit` bytes; a larger one is refused before it is read.
    public func contents(_ path: String, limit: Int) throws(FileError) -> [UInt8] {
        let file = try openFile(path)
        guard file.size <= UInt64(limit) else {
            throw .tooLarge(path: path, bytes: file.size, limit: limit)
        }
        // One byte more than the size: a file that grows meanwhile is noticed instead of cut.
        var bytes = [UInt8](repeating: 0, count: Int(file.size) + 1)
        var count = 0
        var chunk = bytes
        while count < bytes.count {
            let read = try file.read(into: &chunk)
            if read == 0 { break }
            guard count + read < bytes.count else {
                throw .tooLarge(path: path, bytes: UInt64(count + read), limit: Int(file.size))
            }
            bytes.replaceSubrange(count..<count + read, with: chunk[..<read])
            count += read
        }
        bytes.removeSubrange(count...)
        return bytes
    }
}
