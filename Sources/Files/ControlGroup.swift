/// A control group that may bound this process, as /proc/self/cgroup and /proc/self/mountinfo place it.
struct ControlGroup: Equatable {
    /// The two interfaces of the kernel to control groups.
    enum Version: Equatable {
        case one, two

        /// The files that hold the limit of memory, its usage, and of what it consists.
        var files: [String] {
            switch self {
            case .one: ["memory.limit_in_bytes", "memory.usage_in_bytes", "memory.stat"]
            case .two: ["memory.max", "memory.current", "memory.stat"]
            }
        }

        /// Bytes that a group leaves, from the contents of `files`; nil without a limit or where one cannot be read.
        ///
        /// Inactive file pages count as free, since the kernel drops them first; active ones do not, since they may be
        /// the tables that are served.
        func available(limit: String, usage: String, statistics: String) -> UInt64? {
            guard let limit = Self.number(limit), let usage = Self.number(usage) else { return nil }
            // v1 writes "no limit" as the largest multiple of a page; nobody's machine has half of that.
            guard limit < 1 << 62 else { return nil }
            let name = self == .one ? "total_inactive_file" : "inactive_file"
            let reclaimable = min(VirtualFile.number(after: name, in: statistics) ?? 0, usage)
            let held = usage - reclaimable
            return limit > held ? limit - held : 0
        }

        private static func number(_ text: String) -> UInt64? {
            text.split(separator: "\n").first.flatMap { UInt64($0) }
        }
    }

    let version: Version
    /// Where the hierarchy is mounted.
    let mountPoint: String
    /// The group's path below it, without a slash at either end; empty for the mounted root.
    let path: String

    /// The group's directory and those above it: each one's limit holds for all below.
    var directories: [String] {
        var names = path.split(separator: "/")
        var directories: [String] = []
        while true {
            directories.append(([mountPoint] + names.map(String.init)).joined(separator: "/"))
            guard names.popLast() != nil else { return directories }
        }
    }

    /// The groups of version 2 and of a controller of version 1 that a process is in and that are mounted.
    static func groups(
        cgroup: String, mountInfo: String, controller: String = "memory"
    ) -> [ControlGroup] {
        var groups: [ControlGroup] = []
        for line in cgroup.split(separator: "\n") {
            // hierarchy:controllers:path, where the path may contain colons.
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            let version: Version
            if parts[0] == "0", parts[1].isEmpty {
                version = .two
            } else if parts[1].split(separator: ",").contains(Substring(controller)) {
                version = .one
            } else {
                continue
            }
            for line in mountInfo.split(separator: "\n") {
                guard let mount = Mount(line, controller), mount.version == version else { continue }
                groups.append(
                    ControlGroup(
                        version: version, mountPoint: mount.point, path: mount.path(of: String(parts[2]))))
            }
        }
        return groups
    }
}

/// A mounted hierarchy of control groups: one line of mountinfo (proc_pid_mountinfo(5)).
private struct Mount {
    let version: ControlGroup.Version
    let root: String
    let point: String

    init?(_ line: Substring, _ controller: String) {
        let fields = line.split(separator: " ")
        // The optional fields before the dash vary in number.
        guard let dash = fields.firstIndex(of: "-"), dash >= 6, fields.count >= dash + 4 else { return nil }
        switch fields[dash + 1] {
        case "cgroup2": version = .two
        case "cgroup" where fields[dash + 3].split(separator: ",").contains(Substring(controller)):
            version = .one
        default: return nil
        }
        (root, point) = (String(fields[3]), String(fields[4]))
    }

    /// A group's path below the mount point. A container without a namespace of its own sees the path from the host's
    /// root, and has its own group mounted: the mount's root is then the beginning of the path.
    func path(of group: String) -> String {
        var rest = group[...]
        if root != "/", rest.hasPrefix(root) { rest = rest.dropFirst(root.count) }
        return rest.split(separator: "/").joined(separator: "/")
    }
}
