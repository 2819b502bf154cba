internal import Files

extension Registry {
    /// The newest epoch: decoded strictly, and linked to the one before it.
    public func currentState() throws(RegistryError) -> RegistryState {
        try newest().state
    }

    /// The newest epoch for a reader that knows one already: looks for the names after it, rather than through all that
    /// were ever committed. An epoch that does not exist is `.unknownEpoch`.
    public func newestState(from known: UInt64) throws(RegistryError) -> RegistryState {
        var newest = known
        while hasEpoch(newest + 1) { newest += 1 }
        return try state(epoch: newest)
    }

    /// The state of one epoch, checked in the same way.
    public func state(epoch: UInt64) throws(RegistryError) -> RegistryState {
        do {
            return try linked(epoch).state
        } catch .file(let error) where error.isNotFound {
            throw .unknownEpoch(epoch, newest: try newestEpoch())
        }
    }

    /// Whether an epoch was committed. One access(2), cheap enough to ask for the next epoch many times a second.
    public func hasEpoch(_ epoch: UInt64) -> Bool {
        disk.exists(layout.state(epoch))
    }

    /// The newest `limit` states, newest first; each link of the chain between them is checked.
    public func history(limit: Int = .max) throws(RegistryError) -> [RegistryState] {
        var states: [RegistryState] = []
        var next = try newestEpoch()
        while next > 0, states.count < limit {
            states.append(try linked(next).state)
            next -= 1
        }
        return states
    }

    /// A decoded state together with the digest of its file, by which the next epoch names it.
    struct StoredState {
        let state: RegistryState
        let digest: Digest
    }

    func newest() throws(RegistryError) -> StoredState {
        try linked(try newestEpoch())
    }

    /// The largest epoch that has a file; epochs are contiguous, which `linked` checks one step at a time.
    func newestEpoch() throws(RegistryError) -> UInt64 {
        let names = try onDisk { () throws(FileError) in try disk.list(layout.state) }
        guard let newest = names.compactMap(RegistryLayout.epoch(ofStateName:)).max() else {
            throw .corruptState(path: layout.state, reason: "it holds no epoch")
        }
        return newest
    }

    private func linked(_ epoch: UInt64) throws(RegistryError) -> StoredState {
        let stored = try read(epoch)
        guard let previous = stored.state.previous else { return stored }
        let before: Digest
        do {
            // The digest holds the whole file: one that was damaged after its commit has another.
            before = Digest(hashing: try stateBytes(epoch - 1))
        } catch .file(let error) where error.isNotFound {
            throw .corruptState(
                path: layout.state(epoch - 1), reason: "missing, though a later epoch follows it")
        }
        guard before == previous else {
            throw .brokenChain(path: layout.state(epoch), expected: before, found: previous)
        }
        return stored
    }

    private func read(_ epoch: UInt64) throws(RegistryError) -> StoredState {
        let path = layout.state(epoch)
        let bytes = try stateBytes(epoch)
        let state: RegistryState
        do {
            state = try StateFile.decode(bytes)
        } catch {
            throw .corruptState(path: path, reason: error.reason)
        }
        guard state.epoch == epoch else {
            throw .corruptState(path: path, reason: "it says that it is epoch \(state.epoch)")
        }
        return StoredState(state: state, digest: Digest(hashing: bytes))
    }

    private func stateBytes(_ epoch: UInt64) throws(RegistryError) -> [UInt8] {
        try onDisk { () throws(FileError) in
            try disk.contents(layout.state(epoch), limit: Self.stateBytesLimit)
        }
    }
}
