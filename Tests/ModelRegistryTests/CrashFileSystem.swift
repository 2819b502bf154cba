import Files
import Synchronization

/// A file system in memory that knows what a crash may leave of it. After every operation that changes something it
/// hands its volume to `probe`, which may make as many crashes of it as it likes.
final class CrashFileSystem: FileSystem {
    typealias Probe = @Sendable (CrashVolume) -> Void

    private struct Live {
        var volume: CrashVolume
        var probe: Probe?
        var operations = 0
        /// From this operation on nothing is carried out: the process is dead.
        var deadline: Int?
        /// Bytes that all files may hold together; nil: no limit.
        var capacity: Int?
    }

    private let live: Mutex<Live>

    init(root: String) { live = Mutex(Live(volume: CrashVolume(root: root))) }

    /// The machine that comes up on what a crash left.
    init(_ image: CrashImage, dyingAt deadline: Int? = nil) {
        live = Mutex(Live(volume: CrashVolume(image), deadline: deadline))
    }

    /// What the disk holds now.
    var volume: CrashVolume { live.withLock { $0.volume } }

    /// How many changing operations there were.
    var operations: Int { live.withLock { $0.operations } }

    func setProbe(_ probe: Probe?) { live.withLock { $0.probe = probe } }

    /// Limits the disk to what it holds now and so many bytes more; nil: no limit.
    func limit(toFree bytes: Int?) {
        live.withLock { live in live.capacity = bytes.map { Self.used(live.volume) + $0 } }
    }

    private static func used(_ volume: CrashVolume) -> Int {
        let named = Set(
            volume.names.values.compactMap { if case .file(let inode) = $0 { inode } else { nil } })
        return named.reduce(0) { $0 + (volume.inodes[$1]?.content.count ?? 0) }
    }

    /// A step that reads the names.
    private func look<Result: Sendable>(
        _ body: (borrowing CrashVolume) throws(FileError) -> Result
    ) throws(FileError) -> Result {
        let outcome: Swift.Result<Result, FileError> = live.withLock { live in
            do throws(FileError) { return .success(try body(live.volume)) } catch { return .failure(error) }
        }
        return try outcome.get()
    }

    /// A step that changes something, and the crashes after it.
    fileprivate func change<Result: Sendable>(
        _ operation: FileOperation, _ path: String,
        _ body: (inout CrashVolume) throws(FileError) -> Result
    ) throws(FileError) -> Result {
        let (outcome, probe, volume): (Swift.Result<Result, FileError>, Probe?, CrashVolume) = live.withLock {
            live in
            live.operations += 1
            if let deadline = live.deadline, live.operations >= deadline {
                return (.failure(.inputOutput(operation, path: path)), nil, live.volume)
            }
            do throws(FileError) {
                var volume = live.volume
                let result = try body(&volume)
                if let capacity = live.capacity, Self.used(volume) > max(capacity, Self.used(live.volume)) {
                    throw .diskFull(operation, path: path)
                }
                live.volume = volume
                return (.success(result), live.probe, live.volume)
            } catch {
                return (.failure(error), nil, live.volume)
            }
        }
        probe?(volume)
        return try outcome.get()
    }

    fileprivate static func inode(
        _ path: String, _ operation: FileOperation, in volume: CrashVolume
    ) throws(FileError) -> Int {
        switch volume.names[path] {
        case .file(let number): return number
        case .directory: throw .notRegularFile(path: path)
        case nil: throw .notFound(operation, path: path)
        }
    }

    private static func requireParent(
        of path: String, _ operation: FileOperation, in volume: CrashVolume
    ) throws(FileError) {
        guard volume.names[CrashVolume.parent(of: path)] == .directory else {
            throw .notFound(operation, path: path)
        }
    }

    func createFile(_ path: String) throws(FileError) -> any WritableFile {
        let number = try change(.create, path) { (volume) throws(FileError) in
            guard volume.names[path] == nil else { throw .alreadyPresent(.create, path: path) }
            try Self.requireParent(of: path, .create, in: volume)
            let number = volume.makeInode()
            volume.set(path, .file(number))
            return number
        }
        return CrashFile(path: path, number: number, system: self)
    }

    func openFile(_ path: String) throws(FileError) -> any ReadableFile {
        CrashReader(content: try content(path, .open))
    }

    func map(_ path: String) throws(FileError) -> MappedFile {
        try MappedFile(copying: try content(path, .open), path: path)
    }

    private func content(_ path: String, _ operation: FileOperation) throws(FileError) -> [UInt8] {
        try look { (volume) throws(FileError) in
            volume.inodes[try Self.inode(path, operation, in: volume)]?.content ?? []
        }
    }

    func status(_ path: String) throws(FileError) -> FileStatus? {
        try look { (volume) throws(FileError) in
            switch volume.names[path] {
            case nil: nil
            case .directory: FileStatus(kind: .directory, size: 0)
            case .file(let number):
                FileStatus(kind: .regular, size: UInt64(volume.inodes[number]?.content.count ?? 0))
            }
        }
    }

    func exists(_ path: String) -> Bool { live.withLock { $0.volume.names[path] != nil } }

    func list(_ path: String) throws(FileError) -> [String] {
        try look { (volume) throws(FileError) in
            guard volume.names[path] == .directory else { throw .notFound(.list, path: path) }
            return volume.names.keys.filter { CrashVolume.parent(of: $0) == path }
                .map { String($0.dropFirst(path.count + 1)) }
        }
    }

    func createDirectory(_ path: String) throws(FileError) -> Bool {
        if exists(path) { return false }
        return try change(.mkdir, path) { (volume) throws(FileError) in
            try Self.requireParent(of: path, .mkdir, in: volume)
            volume.set(path, .directory)
            return true
        }
    }

    func link(_ path: String, to newPath: String) throws(FileError) {
        try change(.link, newPath) { (volume) throws(FileError) in
            let number = try Self.inode(path, .link, in: volume)
            guard volume.names[newPath] == nil else { throw .alreadyPresent(.link, path: newPath) }
            try Self.requireParent(of: newPath, .link, in: volume)
            volume.set(newPath, .file(number))
        }
    }

    func rename(_ path: String, to newPath: String) throws(FileError) {
        try change(.rename, newPath) { (volume) throws(FileError) in
            let number = try Self.inode(path, .rename, in: volume)
            try Self.requireParent(of: newPath, .rename, in: volume)
            let new = volume.set(newPath, .file(number))
            volume.set(path, nil, needs: new)
        }
    }

    func unlink(_ path: String) throws(FileError) {
        try change(.unlink, path) { (volume) throws(FileError) in
            _ = try Self.inode(path, .unlink, in: volume)
            volume.set(path, nil)
        }
    }

    func synchronizeDirectory(_ path: String) throws(FileError) {
        try change(.fsync, path) { (volume) throws(FileError) in
            guard volume.names[path] == .directory else { throw .notFound(.open, path: path) }
            volume.synchronize(directory: path)
        }
    }

    func lock(
        _ path: String, _ kind: FileLockKind, waiting: Bool, creating: Bool
    ) throws(FileError) -> (any FileLock)? {
        if creating, !exists(path) { _ = try createFile(path) }
        _ = try content(path, .lock)
        return CrashLock()
    }

    private final class CrashLock: FileLock {
        func release() {}
    }
}

/// An open file of a `CrashFileSystem`.
private final class CrashFile: WritableFile {
    let path: String
    let number: Int
    let system: CrashFileSystem
    private var position = 0

    init(path: String, number: Int, system: CrashFileSystem) {
        self.path = path
        self.number = number
        self.system = system
    }

    func preallocate(_ count: UInt64) throws(FileError) {
        let number = number
        try system.change(.preallocate, path) { (volume) throws(FileError) in
            let missing = Int(count) - (volume.inodes[number]?.content.count ?? 0)
            volume.inodes[number]?.content.append(contentsOf: repeatElement(0, count: max(0, missing)))
            volume.inodes[number]?.isDirty = true
        }
    }

    func write(_ bytes: Span<UInt8>) throws(FileError) {
        let new = bytes.indices.map { bytes[$0] }
        let (number, start) = (number, position)
        try system.change(.write, path) { (volume) throws(FileError) in
            var content = volume.inodes[number]?.content ?? []
            let end = min(content.count, start + new.count)
            content.replaceSubrange(start..<end, with: new)
            volume.inodes[number]?.content = content
            volume.inodes[number]?.isDirty = true
        }
        position += new.count
    }

    func synchronize() throws(FileError) {
        let number = number
        try system.change(.fsync, path) { (volume) throws(FileError) in
            guard let inode = volume.inodes[number] else { return }
            volume.inodes[number] = .init(synced: inode.content, content: inode.content)
        }
    }

    func lock() throws(FileError) {}
    func makeReadOnly() throws(FileError) {}
    func close() throws(FileError) {}
}

/// The content that a file had when it was opened.
private final class CrashReader: ReadableFile {
    private let content: [UInt8]
    private var position = 0
    var size: UInt64 { UInt64(content.count) }

    init(content: [UInt8]) { self.content = content }

    func read(into buffer: inout [UInt8]) throws(FileError) -> Int {
        let count = min(buffer.count, content.count - position)
        buffer.replaceSubrange(0..<count, with: content[position..<position + count])
        position += count
        return count
    }
}
