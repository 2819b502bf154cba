internal import CSignals

/// The kind of file system that holds a path, by the number that statfs(2) gives it.
public struct FileSystemType: Sendable, Equatable, CustomStringConvertible {
    /// `f_type` of statfs(2).
    public let magic: UInt32
    /// Its usual name, `type 0x…` for a number without one.
    public let name: String
    /// Whether reading a mapped page may need another machine, or a process on this one (FUSE): when that fails,
    /// the reader gets SIGBUS or waits without end. An unknown kind counts as local.
    public let isNetwork: Bool

    /// The kind of file system of this number.
    public init(magic: UInt32) {
        self.magic = magic
        if let network = Self.networkNames[magic] {
            (name, isNetwork) = (network, true)
        } else {
            (name, isNetwork) = (Self.localNames[magic] ?? "type 0x\(String(magic, radix: 16))", false)
        }
    }

    /// The kind of file system that `path` is on, symbolic links followed; throws where nothing is there.
    public static func of(_ path: String) throws(FileError) -> FileSystemType {
        var magic: UInt32 = 0
        try retryingInterrupts(.statfs, path) { unsafe file_system_magic(path, &magic) }
        return FileSystemType(magic: magic)
    }

    /// Its name.
    public var description: String { name }

    // From linux/magic.h and statfs(2); the ones outside the kernel's tree from their own sources.
    private static let networkNames: [UInt32: String] = [
        0x0000_6969: "nfs", 0x0000_517b: "smb", 0xff53_4d42: "cifs", 0xfe53_4d42: "smb2",
        0x6573_5546: "fuse", 0x0bd0_0bd0: "lustre", 0x0102_1997: "9p", 0x00c3_6400: "ceph",
        0x5346_414f: "afs", 0x6b41_4653: "kafs", 0x7375_7245: "coda", 0x0000_564c: "ncp",
        0x7461_636f: "ocfs2", 0x0116_1970: "gfs2", 0x4750_4653: "gpfs", 0xaad7_aaea: "panfs",
        0x1983_0326: "beegfs", 0x2003_0528: "orangefs", 0x786f_4256: "vboxsf", 0xbacb_acbc: "vmhgfs",
    ]
    private static let localNames: [UInt32: String] = [
        0x0000_ef53: "ext4", 0x5846_5342: "xfs", 0x9123_683e: "btrfs", 0x2fc1_2fc1: "zfs",
        0xf2f5_2010: "f2fs", 0xca45_1a4e: "bcachefs", 0x0102_1994: "tmpfs", 0x8584_58f6: "ramfs",
        0x794c_7630: "overlay", 0x7371_7368: "squashfs", 0xe0f5_e1e2: "erofs", 0x9584_58f6: "hugetlbfs",
        0x0000_4d44: "vfat", 0x2011_bab0: "exfat", 0x0000_9660: "iso9660", 0x0000_9fa0: "proc",
        0x6265_6572: "sysfs", 0x5265_4973: "reiserfs", 0x3153_464a: "jfs",
    ]
}
