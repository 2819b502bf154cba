public import Files

/// Where a model's files come from: a folder, or a version in a registry.
public protocol ModelFiles {
    /// Maps the file of that name.
    func map(_ name: String) throws -> MappedFile
}

/// A model folder as a trainer writes it.
public struct ModelFolder: ModelFiles, Sendable {
    /// The folder's path.
    public let path: String

    /// The folder at `path`; nothing is opened yet.
    public init(path: String) { self.path = path }

    /// Maps a file of the folder.
    public func map(_ name: String) throws -> MappedFile { try MappedFile(path: "\(path)/\(name)") }
}

extension ModelFiles {
    /// Maps a file; whatever goes wrong becomes a `ModelError` that names it.
    func open(_ name: String) throws(ModelError) -> MappedFile {
        do { return try map(name) } catch { throw .unreadableFile(name: name, reason: "\(error)") }
    }
}
