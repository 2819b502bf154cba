public import Files

/// The files of one version, mapped from its blobs: what a model is loaded from.
public struct VersionFiles: Sendable {
    /// The registry that holds the blobs.
    public let registry: Registry
    /// The version's manifest.
    public let manifest: Manifest
    /// Whether each file's digest is computed when it is mapped; its size is checked always.
    public let verifyingDigests: Bool

    /// The files that `manifest` lists.
    public init(registry: Registry, manifest: Manifest, verifyingDigests: Bool = true) {
        self.registry = registry
        self.manifest = manifest
        self.verifyingDigests = verifyingDigests
    }

    /// Maps the file of this name.
    public func map(_ name: String) throws(RegistryError) -> MappedFile {
        guard let descriptor = manifest.files[name] else {
            throw .unknownFile(name, model: manifest.model)
        }
        return try registry.map(descriptor, verifyingDigest: verifyingDigests)
    }
}

/// Decides whether a version may be committed or promoted, by loading it as a server would; throws why not. The registry
/// calls it with every blob in place and knows nothing of what is in them.
public typealias VersionVerifier = (VersionFiles) throws -> Void
