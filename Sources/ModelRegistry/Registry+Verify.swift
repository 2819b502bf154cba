extension Registry {
    /// The manifest and files of a version, for loading it.
    public func files(
        of version: UInt64, model: String, verifyingDigests: Bool = true
    ) throws(RegistryError) -> VersionFiles {
        let entry = try currentState().version(version, of: model)
        return try files(of: entry, model: model, verifyingDigests: verifyingDigests)
    }

    /// The same for a version entry of a state already read; the manifest must be one of `model`.
    public func files(
        of version: RegisteredVersion, model: String, verifyingDigests: Bool = true
    ) throws(RegistryError) -> VersionFiles {
        let manifest = try manifest(version.manifest)
        guard manifest.model == model else {
            throw .corruptManifest(
                path: layout.blob(version.manifest.digest), reason: "it is of model '\(manifest.model)'")
        }
        return VersionFiles(registry: self, manifest: manifest, verifyingDigests: verifyingDigests)
    }

    /// Checks size and digest of the manifest and every file of a version; gives the files, sorted by name.
    @discardableResult
    public func verify(
        _ version: UInt64, of model: String
    ) throws(RegistryError) -> [(name: String, descriptor: Descriptor)] {
        let files = try files(of: version, model: model)
        var checked: [(name: String, descriptor: Descriptor)] = []
        for (name, descriptor) in files.manifest.files.sorted(by: { $0.key < $1.key }) {
            _ = try files.map(name)
            checked.append((name, descriptor))
        }
        return checked
    }

    /// Runs a verifier over a version; what it throws becomes `.refused`, unless it is the registry's own error.
    func require(_ verifier: VersionVerifier, _ files: VersionFiles) throws(RegistryError) {
        do {
            try verifier(files)
        } catch let error as RegistryError {
            throw error
        } catch {
            throw .refused(model: files.manifest.model, reason: String(describing: error))
        }
    }
}
