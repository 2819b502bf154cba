internal import Files

extension Registry {
    /// How often a writer tries again after another one took the epoch it was about to commit.
    static let commitAttempts = 100

    /// Commits what `change` makes of the newest state, and returns only when it is durable.
    ///
    /// `change` is called again, with the newer state, whenever another writer was faster, so every precondition belongs
    /// into it. It returns nil when there is nothing to change.
    func commit(
        _ note: CommitNote,
        _ change: (RegistryState) throws(RegistryError) -> [String: RegisteredModel]?
    ) throws(RegistryError) -> Commit {
        try writing { () throws(RegistryError) in
            let commit = try commitAlone(note, change)
            if commit.isNew { refillReserve() }
            return commit
        }
    }

    /// The same for a caller that holds the lock of writers or of the sweeper.
    func commitAlone(
        _ note: CommitNote,
        _ change: (RegistryState) throws(RegistryError) -> [String: RegisteredModel]?
    ) throws(RegistryError) -> Commit {
        try note.check()
        var evidence: Descriptor?
        for _ in 0..<Self.commitAttempts {
            let newest = try newest()
            guard let models = try change(newest.state) else {
                // Success is reported for the newest epoch, whose writer may have died before making it durable.
                try onDisk { () throws(FileError) in try disk.synchronizeDirectory(layout.state) }
                return Commit(state: newest.state, isNew: false)
            }
            if evidence == nil, let document = note.evidence {
                evidence = try usingReserve { () throws(RegistryError) in
                    try store(document, mediaType: RegistryState.evidenceMediaType)
                }
            }
            let next = RegistryState(
                epoch: newest.state.epoch + 1, previous: newest.digest, models: models, note: note,
                evidence: evidence)
            if try link(next) { return Commit(state: next, isNew: true) }
        }
        throw .contended(attempts: Self.commitAttempts)
    }

    /// The commit point: gives the state its name, which one writer only can. False when another one has.
    func link(_ state: RegistryState) throws(RegistryError) -> Bool {
        let path = layout.state(state.epoch)
        let bytes: [UInt8]
        do {
            bytes = try StateFile.encode(state)
        } catch {
            throw .corruptState(path: path, reason: "\(error)")
        }
        guard bytes.count <= Self.stateBytesLimit, state.epoch <= RegistryState.lastEpoch else {
            throw .corruptState(path: path, reason: "the next epoch is larger than any reader accepts")
        }
        return try usingReserve { () throws(RegistryError) in
            try put(bytes, at: path, in: layout.state) { .uncertainCommit(epoch: state.epoch, $0) }
        }
    }
}
