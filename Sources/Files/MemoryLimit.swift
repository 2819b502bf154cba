/// How much more memory this process may take before the kernel kills it, or another one in its stead.
public struct MemoryLimit: Sendable, Equatable {
    /// Bytes left.
    public let available: UInt64
    /// What leaves no more: the directory of a control group, or `/proc/meminfo`.
    public let source: String

    /// A limit; for callers that know better than the system.
    public init(available: UInt64, source: String) {
        self.available = available
        self.source = source
    }

    /// The tightest limit now: the machine's available memory, and what each control group around this process (v2 or
    /// v1, its own and those above) leaves of its own limit. nil where the system tells neither.
    public static func current() -> MemoryLimit? {
        var limits: [MemoryLimit] = []
        if let text = VirtualFile.text("/proc/meminfo"), let available = machineAvailable(meminfo: text) {
            limits.append(MemoryLimit(available: available, source: "/proc/meminfo"))
        }
        let groups = ControlGroup.groups(
            cgroup: VirtualFile.text("/proc/self/cgroup") ?? "",
            mountInfo: VirtualFile.text("/proc/self/mountinfo") ?? "")
        for group in groups {
            for directory in group.directories {
                let files = group.version.files.map { VirtualFile.text("\(directory)/\($0)") ?? "" }
                let available = group.version.available(
                    limit: files[0], usage: files[1], statistics: files[2])
                if let available { limits.append(MemoryLimit(available: available, source: directory)) }
            }
        }
        return limits.min { $0.available < $1.available }
    }

    /// Refuses an allocation before the kernel would: throws `notEnoughMemory` when less than `needed` bytes are left now.
    public static func check(needed: UInt64) throws(FileError) {
        try current()?.check(needed: needed)
    }

    /// Throws `notEnoughMemory` when `needed` bytes are more than this limit leaves.
    public func check(needed: UInt64) throws(FileError) {
        guard needed <= available else {
            throw .notEnoughMemory(needed: needed, available: available, source: source)
        }
    }

    /// `MemAvailable` of /proc/meminfo, in bytes.
    static func machineAvailable(meminfo: String) -> UInt64? {
        guard let kibibytes = VirtualFile.number(after: "MemAvailable:", in: meminfo) else { return nil }
        let bytes = kibibytes.multipliedReportingOverflow(by: 1024)
        return bytes.overflow ? nil : bytes.partialValue
    }
}
