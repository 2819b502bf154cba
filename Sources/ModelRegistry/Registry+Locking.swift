internal import Files

extension Registry {
    /// Runs a writer. Any number of them share the lock; only the sweeper of `collectGarbage` excludes them, so that it
    /// never meets a blob that is stored but not committed yet, or a file that is being staged.
    func writing<Result>(_ body: () throws(RegistryError) -> Result) throws(RegistryError) -> Result {
        let lock = try usingReserve { () throws(RegistryError) in
            try onDisk { () throws(FileError) in
                try disk.lock(layout.lock, .shared, waiting: true, creating: true)
            }
        }
        defer { lock?.release() }
        return try body()
    }

    /// Runs the sweeper while nobody writes; `.busy` when somebody does.
    func sweeping<Result>(_ body: () throws(RegistryError) -> Result) throws(RegistryError) -> Result {
        let lock = try onDisk { () throws(FileError) in
            try disk.lock(layout.lock, .exclusive, waiting: false, creating: true)
        }
        guard let lock else { throw .busy(path: path) }
        defer { lock.release() }
        return try body()
    }
}
