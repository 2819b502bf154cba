/// What a push ended in.
public struct Push: Sendable, Equatable {
    /// The model.
    public let model: String
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
        for file in files { try RegistryName.check(file.name, role: "file") }
        // From the first blob to the commit, lest a sweep takes the blobs away in between.
        return try writing { () throws(RegistryError) in
            var stored: [String: Descriptor] = [:]
            for file in files { stored[file.name] = try store(file, at: folder + "/" + file.name) }
            return try commit(
                Manifest(model: model, files: stored), alias: alias, note: note, verifier: verifier)
        }
    }

    /// Verifies a version whose blobs are stored, and commits it.
    func commit(
        _ manifest: Manifest, alias: String?, note: CommitNote, verifier: VersionVerifier
    ) throws(RegistryError) -> Push {
        try require(verifier, VersionFiles(registry: self, manifest: manifest))
        let descriptor = try store(manifest)
        let model = manifest.model
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
            if let alias { try entry.point(alias, at: version, model: model) }
            return entry == before ? nil : state.models.merging([model: entry]) { $1 }
        }
        return Push(model: model, version: version, manifest: descriptor, commit: commit)
    }
}
