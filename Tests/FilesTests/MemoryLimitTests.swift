import Foundation
import Testing

@testable import Files

@Suite struct MemoryLimitTests {
    // Taken from a machine with version 1 for memory and an empty version 2 beside it.
    static let hybridGroups = """
        9:name=systemd:/
        8:pids:/
        4:memory:/service/073b5ff5
        1:cpu:/
        0::/
        """
    static let hybridMounts = """
        31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
        35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
        36 31 0:33 / /sys/fs/cgroup/devices rw,relatime - cgroup cgroup rw,devices
        41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
        """

    @Test func `both versions are found where they are mounted, with the groups above`() {
        let groups = ControlGroup.groups(cgroup: Self.hybridGroups, mountInfo: Self.hybridMounts)
        #expect(groups.map(\.version) == [.one, .two])
        #expect(
            groups[0].directories == [
                "/sys/fs/cgroup/memory/service/073b5ff5", "/sys/fs/cgroup/memory/service",
                "/sys/fs/cgroup/memory",
            ])
        #expect(groups[1].directories == ["/sys/fs/cgroup/unified"])
    }

    @Test func `a service under systemd is in a group of version 2`() {
        let groups = ControlGroup.groups(
            cgroup: "0::/system.slice/dien-server.service\n",
            mountInfo:
                "34 24 0:29 / /sys/fs/cgroup rw,nosuid,nodev shared:4 - cgroup2 cgroup2 rw,nsdelegate,memory_recursiveprot"
        )
        #expect(
            groups.first?.directories == [
                "/sys/fs/cgroup/system.slice/dien-server.service", "/sys/fs/cgroup/system.slice",
                "/sys/fs/cgroup",
            ])
    }

    @Test func `a container that sees the host's path finds its group at the mount`() {
        let groups = ControlGroup.groups(
            cgroup: "7:cpuset,memory:/docker/ab:c\n",
            mountInfo:
                "900 880 0:33 /docker/ab:c /sys/fs/cgroup/memory ro master:13 - cgroup cgroup rw,memory"
        )
        #expect(groups.map(\.directories) == [["/sys/fs/cgroup/memory"]])
    }

    @Test(arguments: ["", "x", "4:memory", "35 31 0:32 / /sys", "- - - - - - - - -"])
    func `lines of another shape are passed over`(_ line: String) {
        #expect(ControlGroup.groups(cgroup: line, mountInfo: Self.hybridMounts) == [])
        #expect(ControlGroup.groups(cgroup: Self.hybridGroups, mountInfo: line) == [])
    }

    @Test func `a group leaves its limit less what it holds and the kernel would not drop`() {
        let statistics = "anon 700\nfile 300\ninactive_file 200\nactive_file 100\n"
        let two = ControlGroup.Version.two
        #expect(two.available(limit: "1500\n", usage: "1000\n", statistics: statistics) == 700)
        #expect(two.available(limit: "max\n", usage: "1000\n", statistics: statistics) == nil)
        #expect(two.available(limit: "500\n", usage: "1000\n", statistics: statistics) == 0)
        #expect(two.available(limit: "1500\n", usage: "1000\n", statistics: "") == 500)
        #expect(two.available(limit: "", usage: "", statistics: "") == nil)
        #expect(two.available(limit: "9", usage: "5", statistics: "inactive_file 700") == 9)
        let one = ControlGroup.Version.one
        let old = "inactive_file 1\ntotal_inactive_file 933888\n"
        #expect(one.available(limit: "20000000\n", usage: "11366400\n", statistics: old) == 9_567_488)
        #expect(one.available(limit: "9223372036854771712\n", usage: "11366400\n", statistics: old) == nil)
    }

    @Test func `the machine's memory is read in KiB`() {
        let text = "MemTotal:       24684084 kB\nMemFree:  1 kB\nMemAvailable:   24001480 kB\n"
        #expect(MemoryLimit.machineAvailable(meminfo: text) == 24_001_480 * 1024)
        #expect(MemoryLimit.machineAvailable(meminfo: "MemTotal: 1 kB\nMemAvailable:\n") == nil)
        #expect(MemoryLimit.machineAvailable(meminfo: "MemAvailable: 18446744073709551615 kB") == nil)
    }

    @Test func `this machine leaves something, and less than it has`() throws {
        let limit = try #require(MemoryLimit.current())
        #expect(limit.available > 1 << 20)
        #expect(limit.available < ProcessInfo.processInfo.physicalMemory)
    }

    @Test func `what does not fit is refused with both sizes`() throws {
        let limit = MemoryLimit(available: 100, source: "/sys/fs/cgroup/a")
        try limit.check(needed: 100)
        let error = try #require(throws: FileError.self) { try limit.check(needed: 101) }
        #expect(error == .notEnoughMemory(needed: 101, available: 100, source: "/sys/fs/cgroup/a"))
        #expect(error.description.contains("101") && error.description.contains("100"))
        try MemoryLimit.check(needed: 1)
        #expect(throws: FileError.self) { try MemoryLimit.check(needed: .max) }
    }
}
