internal import Files

/// A folder in the making: its files stand in a hidden one beside it until ``commit()``; dropping it removes them.
final class StagedFolder {
    /// Where it will stand.
    let path: String
    private let staging: String
    private let isReplacing: Bool
    private let files = LocalFileSystem()
    private var isCommitted = false

    /// Creates the hidden folder; refuses to stand where something is, unless it is to be replaced.
    init(_ path: String, isReplacing: Bool) throws(DatasetError) {
        var trimmed = path[...]
        while trimmed.count > 1, trimmed.hasSuffix("/") { trimmed = trimmed.dropLast() }
        self.path = String(trimmed)
        self.isReplacing = isReplacing
        let number = String(UInt64.random(in: 0...UInt64.max), radix: 36)
        let parent = Self.parent(of: self.path)
        let name = self.path.split(separator: "/").last ?? "dataset"
        staging = "\(parent)/.\(name).\(number).partial"
        try Self.refuse(self.path, isReplacing: isReplacing)
        do { try files.createDirectory(staging) } catch { throw .file(error) }
    }

    deinit {
        if !isCommitted { Self.remove(staging) }
    }

    /// Refuses a path where something stands that is not to be replaced, or that is no data set.
    static func refuse(_ path: String, isReplacing: Bool) throws(DatasetError) {
        do {
            guard let status = try LocalFileSystem().status(path) else { return }
            guard isReplacing, status.kind == .directory else { throw DatasetError.outputExists(path: path) }
            let names = try LocalFileSystem().list(path)
            guard names.isEmpty || names.contains(Dataset.FileName.description) else {
                throw DatasetError.unusableInput(
                    reason: "\(path): is no data set, so it is not replaced; remove it yourself")
            }
        } catch let error as DatasetError { throw error } catch let error as FileError {
            throw .file(error)
        } catch {
            preconditionFailure("only these are thrown")
        }
    }

    /// The path of a file to come.
    func file(_ name: String) -> String { "\(staging)/\(name)" }

    /// A small file, durable.
    func write(_ name: String, _ bytes: [UInt8]) throws(DatasetError) {
        do {
            let file = try PositionedFile(creating: file(name))
            try file.write(bytes)
            try file.synchronize()
            try file.close()
        } catch { throw .file(error) }
    }

    /// Gives the folder its name, durably. What stood there is moved away first and then removed.
    func commit() throws(DatasetError) {
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
    static func remove(_ folder: String) {
        let files = LocalFileSystem()
        for name in (try? files.list(folder)) ?? [] { try? files.unlink("\(folder)/\(name)") }
        try? files.removeDirectory(folder)
    }

    static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
