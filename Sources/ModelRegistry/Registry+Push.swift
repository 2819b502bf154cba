/// What a push ended in.
public struct Push: Sendable, Equatable {
    /// The version's number: a new one, or that of the version with the same content.
    public let version: UInt64
    /// Its manifest.
    public let manifest: Descriptor
    /// The commit; not new when the registry held the version (and the alias) already.
    public let commit: Commit
}

extension Registry {
    /// Copies a model folder into the registry and commits it as a version, in one epoch with `alias` when one is given.
    ///
    /// Content that some version of the model has already gets that version's number and no new epoch. The verifier sees
    /// the stored blobs, not the folder; when it refuses, nothing is committed, and the blobs wait for garbage collection.
    public func push(
        model: String, folder: String, files: [ModelFile] = ModelFile.all, alias: String? = nil,
        note: CommitNote, verifier: VersionVerifier
    ) throws(RegistryError) -> Push {
        try RegistryName.check(model, role: "model")
        if let alias { try RegistryName.check(alias, role: "alias") }
        try note.check()
        var stored: [String: Descriptor] = [:]
        for file in files {
            try RegistryName.check(file.name, role: "file")
            stored[file.name] = try store(file, at: folder + "/" + file.name)
        }
        let manifest = Manifest(model: model, files: stored)
        try require(verifier, VersionFiles(registry: self, manifest: manifest))
        let descriptor = try store(manifest)

        var version: UInt64 = 0
        let commit = try commit(note) { (state) throws(RegistryError) in
            var entry = state.models[model] ?? RegisteredModel()
            version =
                entry.versions.first { $0.value.manifest.digest == descriptor.digest }?.key
                ?? (entry.versions.keys.max() ?? 0) + 1
            let before = entry
            if entry.versions[version] == nil {
                entry.versions[version] = RegisteredVersion(manifest: descriptor, pushed: note.time)
            }
            if let alias { entry.aliases[alias] = version }
            return entry == before ? nil : state.models.merging([model: entry]) { $1 }
        }
        return Push(version: version, manifest: descriptor, commit: commit)
    }
}
