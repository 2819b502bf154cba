public import DIEN
public import Files
public import ModelRegistry

/// The files of a version as a model wants them.
public struct RegisteredFiles: ModelFiles {
    /// The version's files.
    public let files: VersionFiles

    /// The files of this version.
    public init(files: VersionFiles) { self.files = files }

    /// `text` is NAME, which means its champion, or NAME@VERSION; → also NAME@NUMBER.
    public static func find(_ text: String, in path: String) throws -> (name: String, files: RegisteredFiles)
    {
        let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map(
            String.init)
        let registry = try Registry(openingAt: path)
        let state = try registry.currentState()
        let number = try state.versionNumber(parts.count > 1 ? parts[1] : "champion", of: parts[0])
        let files = try registry.files(of: state.version(number, of: parts[0]), model: parts[0])
        return ("\(parts[0])@\(number)", RegisteredFiles(files: files))
    }

    /// Maps the file of this name.
    public func map(_ name: String) throws -> MappedFile { try files.map(name) }
}
