/// What this process holds now, from /proc/self; for status pages and for tests that nothing grows.
public struct ProcessFacts: Sendable, Equatable {
    /// Bytes of memory in use, pages of mapped files among them.
    public let residentBytes: UInt64
    /// Bytes of memory that no file backs: what the kernel cannot take back by dropping pages.
    public let anonymousBytes: UInt64
    /// Open file descriptors.
    public let openDescriptors: Int
    /// Mappings; Linux allows vm.max_map_count of them, 65,530 unless raised.
    public let mappings: Int

    /// The facts now; nil where /proc is not mounted. Costs a walk over all mappings: not for every request.
    public static func current() -> ProcessFacts? {
        guard let status = VirtualFile.text("/proc/self/status"),
            let mappings = VirtualFile.lineCount("/proc/self/maps"),
            let descriptors = try? LocalFileSystem().list("/proc/self/fd")
        else { return nil }
        // One descriptor was the listing's own.
        return ProcessFacts(
            status: status, openDescriptors: descriptors.count - 1, mappings: mappings)
    }

    /// From the text of /proc/self/status, in which sizes are in KiB; nil where it tells none.
    init?(status: String, openDescriptors: Int, mappings: Int) {
        guard let resident = VirtualFile.number(after: "VmRSS:", in: status),
            let anonymous = VirtualFile.number(after: "RssAnon:", in: status)
        else { return nil }
        residentBytes = resident << 10
        anonymousBytes = anonymous << 10
        self.openDescriptors = openDescriptors
        self.mappings = mappings
    }
}
