internal import Files

extension Registry {
    /// Writes a version into one new file, durable when this returns; every digest is checked on the way. A broken-off
    /// export leaves at most a file whose name ends in `.partial`.
    ///
    /// - Returns: the version's manifest, by whose digest the receiver can know the version.
    @discardableResult
    public func export(
        _ version: UInt64, of model: String, to path: String
    ) throws(RegistryError) -> Descriptor {
        if disk.exists(path) { throw .targetExists(path: path) }
        let entry = try currentState().version(version, of: model)
        let files = try files(of: entry, model: model)
        guard files.manifest.base == nil else {
            throw .refused(
                model: model, reason: "version \(version) is a delta to another; export a whole one")
        }
        let manifest = try map(entry.manifest, verifyingDigest: true)
        let random = String(UInt64.random(in: .min ... .max), radix: 16)
        let partial = path + "-\(random).partial"
        let file = try onDisk { () throws(FileError) in try disk.createFile(partial) }
        do {
            try write(files, Archive.head(manifest: manifest.copy(0..<manifest.count)), to: file)
            try onDisk { () throws(FileError) in try disk.link(partial, to: path) }
            try onDisk { () throws(FileError) in try disk.synchronizeDirectory(Self.parent(of: path)) }
        } catch {
            try? disk.unlink(partial)
            throw error
        }
        try? disk.unlink(partial)
        return entry.manifest
    }

    private func write(
        _ files: VersionFiles, _ head: [UInt8], to file: any WritableFile
    ) throws(RegistryError) {
        let contents = Archive.files(of: files.manifest)
        let total = contents.reduce(UInt64(head.count)) { $0 + $1.descriptor.size }
        try onDisk { () throws(FileError) in
            try file.preallocate(total)
            try file.write(head.span)
        }
        for (name, _) in contents {
            let mapped = try files.map(name)
            try onDisk { () throws(FileError) in
                for start in stride(from: 0, to: mapped.count, by: Digest.chunkBytes) {
                    let chunk = mapped.copy(start..<min(start + Digest.chunkBytes, mapped.count))
                    try file.write(chunk.span)
                }
            }
        }
        try onDisk { () throws(FileError) in
            try file.synchronize()
            try file.makeReadOnly()
            try file.close()
        }
    }

    /// Commits the version in an exported file, as `push` commits a folder.
    ///
    /// The file may come from anywhere: lengths are checked before anything is allocated or stored, names are never
    /// made into paths, and every digest is computed before the verifier sees the version.
    ///
    /// - Parameter expecting: the manifest's digest as the sender told it; another one is refused before anything is stored.
    public func importVersion(
        from path: String, expecting: Digest? = nil, alias: String? = nil, note: CommitNote,
        verifier: VersionVerifier
    ) throws(RegistryError) -> Push {
        if let alias { try RegistryName.check(alias, role: "alias") }
        try note.check()
        var reader: ArchiveReader
        do { reader = try ArchiveReader(path, on: disk) } catch {
            throw error.isNotFound ? .missingModelFile(path: path) : .file(error)
        }
        let (manifest, bytes) = try reader.manifest(limit: Self.manifestBytesLimit)
        let found = Digest(hashing: bytes)
        if let expecting, expecting != found {
            throw reader.malformed("it is \(found), not \(expecting)")
        }
        return try writing { () throws(RegistryError) in
            for (name, descriptor) in Archive.files(of: manifest) {
                try store(descriptor, named: name, from: &reader)
            }
            return try commit(manifest, alias: alias, note: note, verifier: verifier)
        }
    }

    private func store(
        _ descriptor: Descriptor, named name: String, from reader: inout ArchiveReader
    ) throws(RegistryError) {
        let staged = try onDisk { () throws(FileError) in try stage() }
        defer { discard(staged) }
        try onDisk { () throws(FileError) in try staged.file.preallocate(descriptor.size) }
        var hash = Digest.Stream()
        while hash.count < descriptor.size {
            let rest = descriptor.size - hash.count
            let chunk = try reader.take(Int(min(rest, UInt64(Digest.chunkBytes))))
            hash.update(chunk)
            try onDisk { () throws(FileError) in try staged.file.write(chunk.span) }
            progress?(HashingProgress(path: reader.path, done: hash.count, total: descriptor.size))
        }
        let found = hash.digest
        guard found == descriptor.digest else {
            throw reader.malformed("'\(name)' is \(found) instead of \(descriptor.digest)")
        }
        try onDisk { () throws(FileError) in
            try seal(staged)
            try self.name(staged, as: descriptor)
        }
    }
}
