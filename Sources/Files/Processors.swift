internal import CSignals

/// How much of the machine this process may compute on.
public struct Processors: Sendable, Equatable {
    /// The processors that its threads may run on, by the system's numbers.
    public let allowed: [Int]
    /// How many processors' time its control groups grant it; nil: all that there is.
    public let quota: Double?

    /// Facts; for callers that know better than the system.
    public init(allowed: [Int], quota: Double?) {
        self.allowed = allowed
        self.quota = quota
    }

    /// Threads that can compute all the time. A part of a processor does not count: a thread that lives on it is stopped
    /// until the quota's next period in the middle of its work.
    public var count: Int {
        let allowed = max(1, allowed.count)
        guard let quota, quota < Double(allowed) else { return allowed }
        return max(1, Int(quota))
    }

    /// The affinity of this process, and the tightest quota of the control groups around it (v2 or v1).
    public static func current() -> Processors {
        let groups = ControlGroup.groups(
            cgroup: VirtualFile.text("/proc/self/cgroup") ?? "",
            mountInfo: VirtualFile.text("/proc/self/mountinfo") ?? "", controller: "cpu")
        let quotas = groups.flatMap { group in
            group.directories.compactMap { directory -> Double? in
                let files = group.version.quotaFiles.map { VirtualFile.text("\(directory)/\($0)") ?? "" }
                return ControlGroup.quota(files)
            }
        }
        return Processors(allowed: affinity(), quota: quotas.min())
    }

    /// Keeps the calling thread on one processor; false when the system refuses.
    @discardableResult
    public static func pinCurrentThread(to processor: Int) -> Bool {
        guard let processor = Int32(exactly: processor) else { return false }
        return pin_thread(processor) == 0
    }

    /// The processor that the calling thread is on at this moment; nil where the system does not tell.
    public static var currentThreadIsOn: Int? {
        let processor = current_processor()
        return processor < 0 ? nil : Int(processor)
    }

    private static func affinity() -> [Int] {
        unsafe [Int32](unsafeUninitializedCapacity: 1024) { buffer, count in
            guard let start = buffer.baseAddress else { return }
            count = unsafe allowed_processors(start, buffer.count)
        }.map(Int.init)
    }
}

extension ControlGroup.Version {
    /// The files that hold the quota of processor time.
    fileprivate var quotaFiles: [String] {
        switch self {
        case .one: ["cpu.cfs_quota_us", "cpu.cfs_period_us"]
        case .two: ["cpu.max"]
        }
    }
}

extension ControlGroup {
    /// Processors' worth of time, from the contents of the quota's files: microseconds and the period that they are granted
    /// in. nil without a limit (`max`, or -1) or where one cannot be read.
    static func quota(_ files: [String]) -> Double? {
        let words = files.joined(separator: " ").split { $0 == " " || $0 == "\n" }
        guard words.count == 2, let quota = Double(words[0]), let period = Double(words[1]),
            quota > 0, period > 0
        else { return nil }
        return quota / period
    }
}
