internal import Files

extension Registry {
    /// Whether a folder is there. Unlike `exists` it does not take a failing disk for a missing folder, which would make
    /// garbage of what is in use.
    func isDirectory(_ path: String) throws(RegistryError) -> Bool {
        try onDisk { () throws(FileError) in try disk.status(path) }?.kind == .directory
    }

    /// Every file in `blobs/` that has a blob's name, by digest. Whether it holds what the name says is not looked at.
    func storedBlobs() throws(RegistryError) -> [Garbage.Blob] {
        guard try isDirectory(layout.sha256) else { return [] }
        var blobs: [Garbage.Blob] = []
        try onDisk { () throws(FileError) in
            for folder in try disk.list(layout.sha256).sorted() where folder.utf8.count == 2 {
                let path = layout.sha256 + "/" + folder
                guard try disk.status(path)?.kind == .directory else { continue }
                for name in try disk.list(path).sorted() where name.hasPrefix(folder) {
                    guard let digest = try? Digest("sha256:" + name),
                        let status = try disk.status(path + "/" + name), status.kind == .regular
                    else { continue }
                    blobs.append(.init(digest: digest, size: status.size))
                }
            }
        }
        return blobs
    }

    /// The files in `staging/`.
    func leftovers() throws(RegistryError) -> [String] {
        guard try isDirectory(layout.staging) else { return [] }
        var paths: [String] = []
        try onDisk { () throws(FileError) in
            for name in try disk.list(layout.staging).sorted() {
                let path = layout.staging + "/" + name
                if try disk.status(path)?.kind == .regular { paths.append(path) }
            }
        }
        return paths
    }
}
