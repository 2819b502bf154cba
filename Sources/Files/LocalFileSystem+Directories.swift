internal import Glibc

extension LocalFileSystem {
    /// readdir(3) to the end.
    public func list(_ path: String) throws(FileError) -> [String] {
        guard let directory = unsafe opendir(path) else {
            throw .system(.list, path: path, errno: errno)
        }
        defer { unsafe _ = closedir(directory) }
        var names: [String] = []
        while true {
            // readdir tells its end from an error only by errno.
            errno = 0
            guard let entry = unsafe readdir(directory) else {
                if errno != 0 { throw .system(.list, path: path, errno: errno) }
                return names
            }
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
                unsafe String(cString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self))
            }
            if name != ".", name != ".." { names.append(name) }
        }
    }

    /// mkdir(2), mode 0755.
    @discardableResult
    public func createDirectory(_ path: String) throws(FileError) -> Bool {
        do {
            try retryingInterrupts(.mkdir, path) { unsafe mkdir(path, 0o755) }
            return true
        } catch {
            if error.isAlreadyPresent { return false }
            throw error
        }
    }

    /// rmdir(2): the directory has to be empty.
    public func removeDirectory(_ path: String) throws(FileError) {
        try retryingInterrupts(.rmdir, path) { unsafe rmdir(path) }
    }

    /// open(2) of the directory, one fsync(2).
    public func synchronizeDirectory(_ path: String) throws(FileError) {
        let descriptor = try retryingInterrupts(.open, path) {
            unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        }
        defer { _ = close(descriptor) }
        try once(.fsync, path) { fsync(descriptor) }
    }
}
