internal import Files

/// A file under `staging/` that its writer alone knows, until it is given its final name or removed.
struct StagedFile {
    let path: String
    let file: any WritableFile
}

extension Registry {
    /// Creates a staged file. The folder is made on demand: a registry that came by git has no empty folders.
    func stage() throws(FileError) -> StagedFile {
        try disk.createDirectory(layout.staging)
        let random = String(UInt64.random(in: .min ... .max), radix: 16)
        let path = layout.staging + "/\(Host.processID)-" + random
        return StagedFile(path: path, file: try disk.createFile(path))
    }

    /// Makes a staged file's content final and durable; it then needs only a name.
    func seal(_ staged: StagedFile) throws(FileError) {
        try staged.file.synchronize()
        try staged.file.makeReadOnly()
        try staged.file.close()
    }

    /// Removes a staged file. A failure leaves litter that no reader looks at, so it is not worth an error.
    func discard(_ staged: StagedFile) {
        try? disk.unlink(staged.path)
    }

    /// Stages whole content in memory, durable when this returns.
    func stage(_ bytes: [UInt8]) throws(FileError) -> StagedFile {
        let staged = try stage()
        do {
            try staged.file.preallocate(UInt64(bytes.count))
            try staged.file.write(bytes.span)
            try seal(staged)
        } catch {
            discard(staged)
            throw error
        }
        return staged
    }

    /// Puts content at a name that must be free, durable when this returns; false when the name is taken.
    /// An error of the last step, after which the name is visible already, is given to `unsynced`.
    func put(
        _ bytes: [UInt8], at path: String, in folder: String,
        unsynced: (FileError) -> RegistryError = RegistryError.file
    ) throws(RegistryError) -> Bool {
        let staged = try onDisk { () throws(FileError) in try stage(bytes) }
        defer { discard(staged) }
        do {
            try disk.link(staged.path, to: path)
        } catch {
            if error.isAlreadyPresent { return false }
            throw .file(error)
        }
        do { try disk.synchronizeDirectory(folder) } catch { throw unsynced(error) }
        return true
    }
}
