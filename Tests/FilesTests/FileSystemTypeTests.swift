import Files
import Foundation
import Testing

@Suite struct FileSystemTypeTests {
    /// What stat(1) of coreutils says of the file system that holds a path: its number, in hexadecimal.
    private func coreutils(_ path: String) throws -> UInt32? {
        let stat = Process()
        let output = Pipe()
        stat.executableURL = URL(fileURLWithPath: "/usr/bin/stat")
        stat.arguments = ["-f", "-c", "%t", path]
        stat.standardOutput = output
        try stat.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        stat.waitUntilExit()
        return UInt32(text.trimmingCharacters(in: .whitespacesAndNewlines), radix: 16)
    }

    @Test(arguments: ["/", "/proc", "/sys", "/dev", "/tmp"])
    func `the number is the one that stat(1) prints`(_ path: String) throws {
        #expect(try FileSystemType.of(path).magic == coreutils(path))
    }

    @Test func `the kernel's own file systems are local and named`() throws {
        let proc = try FileSystemType.of("/proc/self/status")
        #expect(proc.name == "proc")
        #expect(!proc.isNetwork)
    }

    @Test(arguments: [
        (0x6969, "nfs"), (0x517B, "smb"), (0xFF53_4D42, "cifs"), (0xFE53_4D42, "smb2"), (0x6573_5546, "fuse"),
        (0x0BD0_0BD0, "lustre"), (0x0102_1997, "9p"), (0x00C3_6400, "ceph"), (0x5346_414F, "afs"),
        (0x6B41_4653, "kafs"), (0x7375_7245, "coda"), (0x4750_4653, "gpfs"), (0x1983_0326, "beegfs"),
    ]) func `file systems that need another machine or process are told`(_ magic: Int, _ name: String) {
        let type = FileSystemType(magic: UInt32(magic))
        #expect(type.isNetwork)
        #expect(type.description == name)
    }

    @Test(arguments: [
        (0xEF53, "ext4"), (0x5846_5342, "xfs"), (0x9123_683E, "btrfs"), (0x0102_1994, "tmpfs"),
        (0x794C_7630, "overlay"), (0x2FC1_2FC1, "zfs"), (0xABCD, "type 0xabcd"),
    ]) func `file systems of this machine are local, unknown ones too`(_ magic: Int, _ name: String) {
        let type = FileSystemType(magic: UInt32(magic))
        #expect(!type.isNetwork)
        #expect(type.name == name)
    }

    @Test func `a path with nothing there is named with the system's reason`() {
        #expect(throws: FileError.system(.statfs, path: "/absent/x", errno: ENOENT)) {
            _ = try FileSystemType.of("/absent/x")
        }
    }
}
