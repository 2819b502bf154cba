import Files
import Synchronization

/// The real file system until its k-th operation, which goes wrong in the given way.
final class FaultyFileSystem: FileSystem {
    /// How the operation goes wrong, and what becomes of those after it.
    enum Fault: CaseIterable, Sendable {
        /// It does nothing and reports EIO; the process goes on and cleans up.
        case fails
        /// It reports ENOSPC after half of its effect, if it is a write.
        case tears
        /// It takes effect but reports EIO; the process goes on.
        case succeedsButReportsFailure
        /// The process dies before it: nothing reaches the disk from here on.
        case kills
        /// The process dies after half of a write.
        case killsWithinWrite
    }

    private struct Progress {
        var operations = 0
        var isDead = false
    }

    private let disk = LocalFileSystem()
    private let failing: Int
    private let fault: Fault
    private let progress = Mutex(Progress())

    init(failing: Int, by fault: Fault) {
        self.failing = failing
        self.fault = fault
    }

    /// How many operations were asked for.
    var operations: Int { progress.withLock { $0.operations } }

    /// Runs one operation, or the fault in its stead. `half` is the part of it that a torn operation does.
    func step<Result>(
        _ operation: FileOperation, _ path: String, half: () throws(FileError) -> Void = {},
        _ body: () throws(FileError) -> Result
    ) throws(FileError) -> Result {
        let (isTurn, wasDead) = progress.withLock { progress in
            progress.operations += 1
            let wasDead = progress.isDead
            let isTurn = progress.operations == failing
            if isTurn, fault == .kills || fault == .killsWithinWrite { progress.isDead = true }
            return (isTurn, wasDead)
        }
        if wasDead { throw .inputOutput(operation, path: path) }
        guard isTurn else { return try body() }
        switch fault {
        case .fails, .kills: break
        case .tears:
            try half()
            throw .diskFull(operation, path: path)
        case .killsWithinWrite: try half()
        case .succeedsButReportsFailure: _ = try body()
        }
        throw .inputOutput(operation, path: path)
    }

    func createFile(_ path: String) throws(FileError) -> any WritableFile {
        let file = try step(.create, path) { () throws(FileError) in try disk.createFile(path) }
        return FaultyFile(file: file, system: self)
    }

    func openFile(_ path: String) throws(FileError) -> any ReadableFile {
        try step(.open, path) { () throws(FileError) in try disk.openFile(path) }
    }

    func map(_ path: String) throws(FileError) -> MappedFile {
        try step(.mmap, path) { () throws(FileError) in try disk.map(path) }
    }

    func status(_ path: String) throws(FileError) -> FileStatus? {
        try step(.stat, path) { () throws(FileError) in try disk.status(path) }
    }

    func exists(_ path: String) -> Bool { disk.exists(path) }

    func list(_ path: String) throws(FileError) -> [String] {
        try step(.list, path) { () throws(FileError) in try disk.list(path) }
    }

    func createDirectory(_ path: String) throws(FileError) -> Bool {
        try step(.mkdir, path) { () throws(FileError) in try disk.createDirectory(path) }
    }

    func link(_ path: String, to newPath: String) throws(FileError) {
        try step(.link, newPath) { () throws(FileError) in try disk.link(path, to: newPath) }
    }

    func rename(_ path: String, to newPath: String) throws(FileError) {
        try step(.rename, newPath) { () throws(FileError) in try disk.rename(path, to: newPath) }
    }

    func unlink(_ path: String) throws(FileError) {
        try step(.unlink, path) { () throws(FileError) in try disk.unlink(path) }
    }

    func synchronizeDirectory(_ path: String) throws(FileError) {
        try step(.fsync, path) { () throws(FileError) in try disk.synchronizeDirectory(path) }
    }

    func lock(
        _ path: String, _ kind: FileLockKind, waiting: Bool, creating: Bool
    ) throws(FileError) -> (any FileLock)? {
        try step(.lock, path) { () throws(FileError) in
            try disk.lock(path, kind, waiting: waiting, creating: creating)
        }
    }
}

/// A file whose operations count among those of its file system.
private final class FaultyFile: WritableFile {
    let file: any WritableFile
    let system: FaultyFileSystem
    var path: String { file.path }

    init(file: any WritableFile, system: FaultyFileSystem) {
        self.file = file
        self.system = system
    }

    func preallocate(_ count: UInt64) throws(FileError) {
        try system.step(.preallocate, path) { () throws(FileError) in try file.preallocate(count) }
    }

    func write(_ bytes: Span<UInt8>) throws(FileError) {
        let copy = [UInt8](copying: bytes)
        try system.step(
            .write, path,
            half: { () throws(FileError) in try file.write(copy.span.extracting(0..<copy.count / 2)) },
            { () throws(FileError) in try file.write(copy.span) })
    }

    func synchronize() throws(FileError) {
        try system.step(.fsync, path) { () throws(FileError) in try file.synchronize() }
    }

    func lock() throws(FileError) {
        try system.step(.lock, path) { () throws(FileError) in try file.lock() }
    }

    func makeReadOnly() throws(FileError) {
        try system.step(.chmod, path) { () throws(FileError) in try file.makeReadOnly() }
    }

    func close() throws(FileError) {
        try system.step(.close, path) { () throws(FileError) in try file.close() }
    }
}

extension [UInt8] {
    /// The bytes of a span, so that closures may hold them.
    fileprivate init(copying span: Span<UInt8>) {
        self = span.indices.map { span[$0] }
    }
}
