public import Files
internal import FoundationEssentials

extension Registry {
    /// Makes a registry with epoch 1 and no model. The folder may exist and may hold other files, such as a README.
    ///
    /// The file `format` is linked last: a crash before that leaves a folder which is no registry yet, and in which
    /// `create` may be run again.
    @discardableResult
    public static func create(
        at path: String, note: CommitNote = CommitNote(command: "init"),
        disk: any FileSystem = LocalFileSystem(), reserveBytes: Int = defaultReserveBytes
    ) throws(RegistryError) -> Registry {
        let registry = Registry(path: path, disk: disk, reserveBytes: reserveBytes)
        try note.check()
        try registry.create(note)
        // Also makes the lock, which a full disk might not have room for later.
        try? registry.writing { registry.refillReserve() }
        return registry
    }

    private func create(_ note: CommitNote) throws(RegistryError) {
        if disk.exists(layout.format) { throw .alreadyExists(path: path) }
        try onDisk { () throws(FileError) in
            for folder in [layout.root, layout.blobs, layout.sha256, layout.state, layout.staging] {
                try disk.createDirectory(folder)
            }
        }
        if disk.exists(layout.state(2)) {
            throw .corruptState(path: layout.format, reason: "missing, though epochs were committed here")
        }
        // Taken already only by an earlier attempt, or by another process that creates this registry at this moment.
        _ = try link(RegistryState(epoch: 1, previous: nil, models: [:], note: note))
        try onDisk { () throws(FileError) in
            try disk.synchronizeDirectory(layout.blobs)
            try disk.synchronizeDirectory(layout.root)
            try disk.synchronizeDirectory(Self.parent(of: layout.root))
        }
        let format: [UInt8]
        do {
            format = try CanonicalJSON.encode(Format.current)
        } catch {
            throw .unsupportedFormat(path: layout.format)
        }
        guard try put(format, at: layout.format, in: layout.root) else { throw .alreadyExists(path: path) }
    }

    /// The folder that names a path.
    static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
