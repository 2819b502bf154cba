public import DIEN
public import Files
public import ModelRegistry

/// The files of a version as a model wants them.
public struct RegisteredFiles: ModelFiles {
    /// The version's files.
    public let files: VersionFiles

    /// Digest of the version's manifest, which answers name; nil where it was not looked up.
    public let digest: Digest?

    /// The files of this version.
    public init(files: VersionFiles, digest: Digest? = nil) {
        self.files = files
        self.digest = digest
    }

    /// `text` is NAME, which means its champion, or NAME@VERSION; → also NAME@NUMBER.
    public static func find(_ text: String, in path: String) throws -> (name: String, files: RegisteredFiles)
    {
        let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map(
            String.init)
        let registry = try Registry(openingAt: path)
        let state = try registry.currentState()
        let number = try state.versionNumber(parts.count > 1 ? parts[1] : "champion", of: parts[0])
        let version = try state.version(number, of: parts[0])
        let files = try registry.files(of: version, model: parts[0])
        return ("\(parts[0])@\(number)", RegisteredFiles(files: files, digest: version.manifest.digest))
    }

    /// Maps the file of this name.
    public func map(_ name: String) throws -> MappedFile { try files.map(name) }
}
