public import Files

extension Registry {
    /// Maps a blob. Its size is always checked; its digest, over the mapped pages, when `verifyingDigest`.
    public func map(_ descriptor: Descriptor, verifyingDigest: Bool) throws(RegistryError) -> MappedFile {
        let path = layout.blob(descriptor.digest)
        try checkSize(descriptor)
        let file = try onDisk { () throws(FileError) in try disk.map(path) }
        // The status was of the name, the mapping is of the file: check again what will be read.
        guard UInt64(file.count) == descriptor.size else {
            throw .blobSize(path: path, expected: descriptor.size, found: UInt64(file.count))
        }
        if verifyingDigest {
            let found = digest(of: file)
            guard found == descriptor.digest else {
                throw .blobDigest(path: path, expected: descriptor.digest, found: found)
            }
        }
        return file
    }

    /// The manifest that a version names: size and digest checked, then decoded strictly.
    public func manifest(_ descriptor: Descriptor) throws(RegistryError) -> Manifest {
        let path = layout.blob(descriptor.digest)
        guard descriptor.mediaType == Manifest.mediaType else {
            throw .corruptManifest(path: path, reason: "its media type is '\(descriptor.mediaType)'")
        }
        guard descriptor.size <= UInt64(Self.manifestBytesLimit) else {
            throw .corruptManifest(
                path: path, reason: "\(descriptor.size) bytes are more than a manifest may have")
        }
        let file = try map(descriptor, verifyingDigest: true)
        do {
            return try CanonicalJSON.decode(Manifest.self, file.copy(0..<file.count))
        } catch {
            throw .corruptManifest(path: path, reason: error.reason)
        }
    }

    /// The document by which an epoch was decided: size and digest checked; nil where none was given.
    public func evidence(of state: RegistryState) throws(RegistryError) -> [UInt8]? {
        guard let descriptor = state.evidence else { return nil }
        let file = try map(descriptor, verifyingDigest: true)
        return file.copy(0..<file.count)
    }

    /// Checks that a regular file of the right size stands at the blob's name, without reading it.
    func checkSize(_ descriptor: Descriptor) throws(RegistryError) {
        let path = layout.blob(descriptor.digest)
        let status = try onDisk { () throws(FileError) in try disk.status(path) }
        guard let status else { throw .missingBlob(path: path) }
        guard status.kind == .regular else { throw .file(.notRegularFile(path: path)) }
        guard status.size == descriptor.size else {
            throw .blobSize(path: path, expected: descriptor.size, found: status.size)
        }
    }
}
