/// A folder in the making: its files stand in a hidden one beside its place until ``commit()``, so that it is there whole
/// or not at all; dropping it uncommitted removes them. Owned by one thread.
public final class StagedFolder {
    /// Where it will stand.
    public let path: String
    /// Where its files stand until then.
    public let staging: String
    private let files = LocalFileSystem()
    private var isCommitted = false

    /// What stands where a folder is to be made.
    public enum Occupant: Sendable {
        /// Nothing.
        case nothing
        /// A folder that is empty, or holds the file that such folders hold.
        case known
        /// A folder of something else.
        case foreignFolder
        /// No folder.
        case other
    }

    /// What stands at `path`; a folder is known by the file of the name `marker`.
    public static func occupant(of path: String, knownBy marker: String) throws(FileError) -> Occupant {
        let files = LocalFileSystem()
        guard let status = try files.status(path) else { return .nothing }
        guard status.kind == .directory else { return .other }
        let names = try files.list(path)
        return names.isEmpty || names.contains(marker) ? .known : .foreignFolder
    }

    /// Creates the hidden folder. Whether something stands at `path` that must stay is the caller's to ask before.
    public init(_ path: String) throws(FileError) {
        var trimmed = path[...]
        while trimmed.count > 1, trimmed.hasSuffix("/") { trimmed = trimmed.dropLast() }
        self.path = String(trimmed)
        let number = String(UInt64.random(in: 0...UInt64.max), radix: 36)
        let name = self.path.split(separator: "/").last ?? "folder"
        staging = "\(Self.parent(of: self.path))/.\(name).\(number).partial"
        try files.createDirectory(staging)
    }

    deinit {
        if !isCommitted { Self.remove(staging) }
    }

    /// The path of a file to come.
    public func file(_ name: String) -> String { "\(staging)/\(name)" }

    /// A small file, durable.
    public func write(_ name: String, _ bytes: [UInt8]) throws(FileError) {
        let file = try PositionedFile(creating: file(name))
        try file.write(bytes)
        try file.synchronize()
        try file.close()
    }

    /// A copy of a file, durable.
    public func copy(_ source: MappedFile, to name: String) throws(FileError) {
        let file = try PositionedFile(creating: file(name))
        try file.write(source.bytes, at: 0)
        try file.synchronize()
        try file.close()
    }

    /// Gives the folder its name, durably. What stood there is moved away first and then removed.
    public func commit() throws(FileError) {
        try files.synchronizeDirectory(staging)
        let old = staging + ".old"
        let isOccupied = files.exists(path)
        if isOccupied { try files.rename(path, to: old) }
        try files.rename(staging, to: path)
        isCommitted = true
        try files.synchronizeDirectory(Self.parent(of: path))
        if isOccupied { Self.remove(old) }
    }

    /// The folder that holds `path`.
    public static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Removes a folder of files; what cannot be removed stays.
    private static func remove(_ folder: String) {
        let files = LocalFileSystem()
        for name in (try? files.list(folder)) ?? [] { try? files.unlink("\(folder)/\(name)") }
        try? files.removeDirectory(folder)
    }
}
