public import Files

extension Registry {
    /// What `collectGarbage` would remove now; changes nothing. While others write, their unfinished files are among it.
    public func garbage(
        _ retention: Retention = Retention(), now: UInt64 = WallClock.unixMilliseconds()
    ) throws(RegistryError) -> Garbage {
        try plan(retention, now: now).garbage
    }

    /// Removes what no rule keeps: first the versions, in one epoch, and when that is durable the blobs; so that whichever
    /// epoch a crash leaves as the newest has all its blobs. `.busy` while somebody writes.
    ///
    /// Readers are not disturbed: what they have mapped stays valid, and what they lease stays.
    @discardableResult
    public func collectGarbage(
        _ retention: Retention = Retention(), note: CommitNote, now: UInt64 = WallClock.unixMilliseconds()
    ) throws(RegistryError) -> (garbage: Garbage, commit: Commit) {
        try sweeping { () throws(RegistryError) in
            let plan = try plan(retention, now: now)
            // Commits nothing where no version goes, but makes the newest epoch durable, which it may not be yet: the
            // blobs that only the epoch before it needs must not go first.
            let commit = try commitAlone(note) { (state) throws(RegistryError) in
                guard state.epoch == plan.epoch else {
                    throw .epochMoved(expected: plan.epoch, found: state.epoch)
                }
                return plan.garbage.versions.isEmpty ? nil : plan.models
            }
            try onDisk { () throws(FileError) in
                for blob in plan.garbage.blobs { try disk.unlink(layout.blob(blob.digest)) }
                for path in plan.garbage.leftovers + plan.garbage.leases { try disk.unlink(path) }
            }
            return (plan.garbage, commit)
        }
    }

    private struct Plan {
        let epoch: UInt64
        let models: [String: RegisteredModel]
        let garbage: Garbage
    }

    private func plan(_ retention: Retention, now: UInt64) throws(RegistryError) -> Plan {
        let state = try currentState()
        let leases = try leases()
        let recent = try versionsNamed(since: retention.start(now: now))
        var garbage = Garbage()
        var models = state.models
        var roots = leases.manifests
        for (name, model) in state.models.sorted(by: { $0.key < $1.key }) {
            let numbers = model.versions.keys.sorted()
            let kept = (recent[name] ?? []).union(numbers.suffix(retention.versions))
            for number in numbers {
                guard let version = model.versions[number] else { continue }
                let digest = version.manifest.digest
                if kept.contains(number) || leases.manifests.contains(digest) {
                    roots.insert(digest)
                } else {
                    garbage.versions.append(.init(model: name, version: number, manifest: digest))
                    models[name]?.versions[number] = nil
                }
            }
        }
        let reachable = try reachable(from: roots).union(evidence())
        garbage.blobs = try storedBlobs().filter { !reachable.contains($0.digest) }
        garbage.leftovers = try leftovers()
        garbage.leases = leases.stale
        return Plan(epoch: state.epoch, models: models, garbage: garbage)
    }

    /// The evidence of every epoch, since every epoch stays. A state that cannot be read stops the collection.
    private func evidence() throws(RegistryError) -> Set<Digest> {
        var documents: Set<Digest> = []
        for epoch in 1...(try newestEpoch()) {
            if let document = try state(epoch: epoch).evidence { documents.insert(document.digest) }
        }
        return documents
    }

    /// By model, what the states named that were in force since a moment: back to the one that was in force then.
    private func versionsNamed(since start: String) throws(RegistryError) -> [String: Set<UInt64>] {
        var named: [String: Set<UInt64>] = [:]
        var epoch = try newestEpoch()
        while epoch > 0 {
            let state = try state(epoch: epoch)
            for (name, model) in state.models { named[name, default: []].formUnion(model.namedVersions) }
            // Times of one form are ordered as texts; one of another form counts as recent or ends the search at
            // an epoch that is kept.
            if state.time < start { break }
            epoch -= 1
        }
        return named
    }

    /// The manifests and everything they refer to. A manifest that cannot be read stops the collection.
    private func reachable(from manifests: Set<Digest>) throws(RegistryError) -> Set<Digest> {
        var reachable: Set<Digest> = []
        var waiting = Array(manifests)
        while let digest = waiting.popLast() {
            guard reachable.insert(digest).inserted else { continue }
            let manifest = try manifest(digest)
            for file in manifest.files.values { reachable.insert(file.digest) }
            if let base = manifest.base { waiting.append(base.digest) }
        }
        return reachable
    }

    /// A manifest known by its digest only, as leases name it.
    private func manifest(_ digest: Digest) throws(RegistryError) -> Manifest {
        let path = layout.blob(digest)
        let status = try onDisk { () throws(FileError) in try disk.status(path) }
        guard let status else { throw .missingBlob(path: path) }
        return try manifest(
            Descriptor(mediaType: Manifest.mediaType, digest: digest, size: status.size))
    }
}
