extension Registry {
    /// Gives a version a name for good, in one epoch; no new epoch when it has the name already.
    ///
    /// Unlike an alias a tag never moves: a tag that names another version is `.tagTaken`. Versions with tags are kept by
    /// garbage collection.
    public func tag(
        model: String, version: UInt64, as tag: String, note: CommitNote
    ) throws(RegistryError) -> Commit {
        guard RegistryName.isTag(tag) else { throw .invalidName(tag, role: "tag") }
        return try commit(note) { (state) throws(RegistryError) in
            _ = try state.version(version, of: model)
            var entry = try state.model(model)
            if entry.tags[tag] == version { return nil }
            if let taken = entry.tags[tag] ?? entry.aliases[tag] {
                throw .tagTaken(tag, model: model, version: taken)
            }
            entry.tags[tag] = version
            return state.models.merging([model: entry]) { $1 }
        }
    }

    /// Takes a tag away, in one epoch. The name may then be given anew, which is why it is a command of its own.
    public func untag(model: String, tag: String, note: CommitNote) throws(RegistryError) -> Commit {
        try commit(note) { (state) throws(RegistryError) in
            var entry = try state.model(model)
            guard entry.tags.removeValue(forKey: tag) != nil else {
                throw .unknownAlias(tag, model: model, known: entry.tags.keys.sorted())
            }
            return state.models.merging([model: entry]) { $1 }
        }
    }
}
