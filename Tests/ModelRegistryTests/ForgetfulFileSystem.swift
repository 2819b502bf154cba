import Files

/// A disk whose fsync does nothing for some files: what a writer that leaves it out would do.
struct ForgetfulFileSystem: FileSystem {
    /// Which fsync is left out.
    enum Omission: CaseIterable, Sendable {
        case contents, blobFolders, stateFolder
    }

    let disk: CrashFileSystem
    let omitted: Omission

    func createFile(_ path: String) throws(FileError) -> any WritableFile {
        let file = try disk.createFile(path)
        return omitted == .contents ? ForgetfulFile(file: file) : file
    }

    func synchronizeDirectory(_ path: String) throws(FileError) {
        switch omitted {
        case .blobFolders where path.contains("/blobs"): return
        case .stateFolder where path.hasSuffix("/state"): return
        default: try disk.synchronizeDirectory(path)
        }
    }

    func openFile(_ path: String) throws(FileError) -> any ReadableFile { try disk.openFile(path) }
    func map(_ path: String) throws(FileError) -> MappedFile { try disk.map(path) }
    func status(_ path: String) throws(FileError) -> FileStatus? { try disk.status(path) }
    func exists(_ path: String) -> Bool { disk.exists(path) }
    func list(_ path: String) throws(FileError) -> [String] { try disk.list(path) }
    func createDirectory(_ path: String) throws(FileError) -> Bool { try disk.createDirectory(path) }
    func link(_ path: String, to newPath: String) throws(FileError) { try disk.link(path, to: newPath) }
    func rename(_ path: String, to newPath: String) throws(FileError) {
        try disk.rename(path, to: newPath)
    }
    func unlink(_ path: String) throws(FileError) { try disk.unlink(path) }
    func lock(
        _ path: String, _ kind: FileLockKind, waiting: Bool, creating: Bool
    ) throws(FileError) -> (any FileLock)? {
        try disk.lock(path, kind, waiting: waiting, creating: creating)
    }
}

private final class ForgetfulFile: WritableFile {
    let file: any WritableFile
    var path: String { file.path }

    init(file: any WritableFile) { self.file = file }

    func preallocate(_ count: UInt64) throws(FileError) { try file.preallocate(count) }
    func write(_ bytes: Span<UInt8>) throws(FileError) { try file.write(bytes) }
    func synchronize() throws(FileError) {}
    func lock() throws(FileError) { try file.lock() }
    func makeReadOnly() throws(FileError) { try file.makeReadOnly() }
    func close() throws(FileError) { try file.close() }
}
