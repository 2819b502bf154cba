internal import Files

/// A model folder in the making, hidden beside the place where it will stand; dropping it uncommitted removes it.
final class StagedModelFolder {
    /// Where its files stand until then.
    let staging: String
    private let path: String
    private let files = LocalFileSystem()
    private var isCommitted = false

    /// Refuses to stand where something is, unless that is a model folder and is to be replaced.
    init(_ path: String, replacing: Bool) throws(TrainingError) {
        var trimmed = path[...]
        while trimmed.count > 1, trimmed.hasSuffix("/") { trimmed = trimmed.dropLast() }
        self.path = String(trimmed)
        let number = String(UInt64.random(in: 0...UInt64.max), radix: 36)
        let name = self.path.split(separator: "/").last ?? "model"
        staging = "\(Self.parent(of: self.path))/.\(name).\(number).partial"
        do {
            if try files.status(self.path) != nil {
                guard replacing, files.exists("\(self.path)/config.json") else {
                    throw TrainingError.outputExists(path: self.path)
                }
            }
            try files.createDirectory(staging)
        } catch let error as FileError { throw .file(error) } catch { throw .outputExists(path: self.path) }
    }

    deinit {
        if !isCommitted { Self.remove(staging) }
    }

    /// A file to come.
    func file(_ name: String) -> String { "\(staging)/\(name)" }

    /// A small file, durable.
    func write(_ name: String, _ bytes: [UInt8]) throws(TrainingError) {
        do {
            let file = try PositionedFile(creating: file(name))
            try file.write(bytes)
            try file.synchronize()
            try file.close()
        } catch { throw .file(error) }
    }

    /// A copy of a file, durable.
    func copy(_ source: MappedFile, to name: String) throws(TrainingError) {
        do {
            let file = try PositionedFile(creating: file(name))
            try file.write(source.bytes, at: 0)
            try file.synchronize()
            try file.close()
        } catch { throw .file(error) }
    }

    /// Gives the folder its name, durably; what stood there is moved away first and then removed.
    func commit() throws(TrainingError) {
        do {
            try files.synchronizeDirectory(staging)
            let old = staging + ".old"
            let isOccupied = files.exists(path)
            if isOccupied { try files.rename(path, to: old) }
            try files.rename(staging, to: path)
            isCommitted = true
            try files.synchronizeDirectory(Self.parent(of: path))
            if isOccupied { Self.remove(old) }
        } catch { throw .file(error) }
    }

    /// Removes a folder of files; what cannot be removed stays.
    private static func remove(_ folder: String) {
        let files = LocalFileSystem()
        for name in (try? files.list(folder)) ?? [] { try? files.unlink("\(folder)/\(name)") }
        try? files.removeDirectory(folder)
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
