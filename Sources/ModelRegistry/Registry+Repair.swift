internal import Files

extension Registry {
    /// Puts good content in the place of a damaged or missing state; what was there goes to `quarantine/`.
    func replace(
        _ path: String, in folder: String, with bytes: [UInt8]
    ) throws(RegistryError) {
        try onDisk { () throws(FileError) in
            try quarantine(path)
            let staged = try stage(bytes)
            // Where the rename fails; afterwards there is nothing left to discard.
            defer { discard(staged) }
            try disk.rename(staged.path, to: path)
            try disk.synchronizeDirectory(folder)
        }
    }

    /// The same for a blob, copied from where it was found good.
    func replaceBlob(_ descriptor: Descriptor, with good: MappedFile) throws(RegistryError) {
        try onDisk { () throws(FileError) in
            try quarantine(layout.blob(descriptor.digest))
            let staged = try stage()
            defer { discard(staged) }
            try staged.file.preallocate(UInt64(good.count))
            for start in stride(from: 0, to: good.count, by: Digest.chunkBytes) {
                let chunk = good.copy(start..<min(start + Digest.chunkBytes, good.count))
                try staged.file.write(chunk.span)
            }
            try seal(staged)
            try name(staged, as: descriptor)
        }
    }

    /// Keeps what is there under another name too; its own name is never missing meanwhile.
    private func quarantine(_ path: String) throws(FileError) {
        guard try disk.status(path)?.kind == .regular else { return }
        try disk.createDirectory(layout.quarantine)
        let name = path.split(separator: "/").last.map(String.init) ?? "file"
        let random = String(UInt64.random(in: .min ... .max), radix: 16)
        try disk.link(path, to: layout.quarantine + "/\(name)-\(random)")
        try disk.synchronizeDirectory(layout.quarantine)
    }
}
