internal import Files

/// The reserve: a file that holds some space, so that an alias can still be moved when the disk is full, which is when
/// a rollback may be needed most.
extension Registry {
    /// How large the reserve is unless told otherwise.
    public static let defaultReserveBytes = 16 << 20
    /// A smaller one would not hold a state file.
    private static let smallestReserveBytes = 64 << 10

    /// Runs a step of a commit; when the disk is full, gives up the reserve and runs it once more.
    func usingReserve<Result>(
        _ body: () throws(RegistryError) -> Result
    ) throws(RegistryError) -> Result {
        do {
            return try body()
        } catch {
            guard error.isDiskFull, releaseReserve() else { throw error }
        }
        return try body()
    }

    /// Makes the reserve again where it is missing or smaller than it should be; as much of it as the disk has room for.
    /// Not worth an error: the commit that it follows has succeeded.
    func refillReserve() {
        guard reserveBytes > 0 else { return }
        let present = (try? disk.status(layout.reserve))?.size ?? 0
        var wanted = reserveBytes
        while UInt64(wanted) > present {
            if (try? makeReserve(wanted)) != nil { return }
            wanted /= 2
            if wanted < Self.smallestReserveBytes { return }
        }
    }

    private func makeReserve(_ bytes: Int) throws(FileError) {
        let staged = try stage()
        do {
            try staged.file.preallocate(UInt64(bytes))
            try staged.file.close()
            try disk.rename(staged.path, to: layout.reserve)
        } catch {
            discard(staged)
            throw error
        }
    }

    private func releaseReserve() -> Bool {
        guard (try? disk.unlink(layout.reserve)) != nil else { return false }
        // Some file systems give freed blocks out again only after the removal has reached the disk.
        try? disk.synchronizeDirectory(layout.root)
        return true
    }
}
