internal import Files

extension Registry {
    /// Copies a file into the registry in bounded memory; gives its descriptor when the blob is durable.
    func store(_ file: ModelFile, at path: String) throws(RegistryError) -> Descriptor {
        let source: any ReadableFile
        do {
            source = try disk.openFile(path)
        } catch {
            throw error.isNotFound ? .missingModelFile(path: path) : .file(error)
        }
        let staged = try onDisk { () throws(FileError) in try stage() }
        defer { discard(staged) }
        let (digest, size) = try onDisk { () throws(FileError) in
            // Before the first byte, so that a full disk fails here and not half-way.
            try staged.file.preallocate(source.size)
            let content = try self.digest(of: source, at: path) { (bytes) throws(FileError) in
                try staged.file.write(bytes)
            }
            try seal(staged)
            return content
        }
        guard size == source.size else { throw .sourceChanged(path: path) }
        let descriptor = Descriptor(mediaType: file.mediaType, digest: digest, size: size)
        try onDisk { () throws(FileError) in try name(staged, as: descriptor) }
        return descriptor
    }

    /// Stores a manifest; gives its descriptor when the blob is durable.
    func store(_ manifest: Manifest) throws(RegistryError) -> Descriptor {
        let bytes: [UInt8]
        do {
            bytes = try CanonicalJSON.encode(manifest)
        } catch {
            throw .corruptManifest(path: manifest.model, reason: "\(error)")
        }
        return try store(bytes, mediaType: Manifest.mediaType)
    }

    /// Stores content in memory; gives its descriptor when the blob is durable.
    func store(_ bytes: [UInt8], mediaType: String) throws(RegistryError) -> Descriptor {
        let descriptor = Descriptor(
            mediaType: mediaType, digest: Digest(hashing: bytes), size: UInt64(bytes.count))
        let staged = try onDisk { () throws(FileError) in try stage(bytes) }
        defer { discard(staged) }
        try onDisk { () throws(FileError) in try name(staged, as: descriptor) }
        return descriptor
    }

    /// Gives a staged blob its name, unless an equal blob has it. A damaged blob of that name is replaced: whoever has
    /// it mapped keeps the old file.
    func name(_ staged: StagedFile, as descriptor: Descriptor) throws(FileError) {
        let folder = layout.blobFolder(descriptor.digest)
        for folder in [layout.blobs, layout.sha256, folder] { try disk.createDirectory(folder) }
        if try !holds(descriptor) {
            try disk.rename(staged.path, to: layout.blob(descriptor.digest))
        }
        // Also when the blob was there: its writer may have died, or be about to, before making the name durable.
        for folder in [folder, layout.sha256, layout.blobs, layout.root] {
            try disk.synchronizeDirectory(folder)
        }
    }

    /// Whether the blob is there, whole: size and digest.
    private func holds(_ descriptor: Descriptor) throws(FileError) -> Bool {
        let path = layout.blob(descriptor.digest)
        guard let status = try disk.status(path), status.kind == .regular, status.size == descriptor.size
        else { return false }
        return try self.digest(of: disk.openFile(path), at: path).digest == descriptor.digest
    }
}
