internal import Glibc

/// The system call, or the check of ours, that failed.
public enum FileOperation: String, Sendable, Equatable {
    case open, create, read, write, preallocate, fsync, close, stat, mmap, chmod, rename, link, unlink, mkdir,
        rmdir,
        list, lock, statfs
}

/// What went wrong with a file: always the path, and for a failed system call its name and `errno`.
public enum FileError: Error, Sendable, Equatable {
    /// A system call failed with this `errno`.
    case system(FileOperation, path: String, errno: Int32)
    /// A directory, device, pipe, socket or symbolic link stands where a regular file is required.
    case notRegularFile(path: String)
    /// The file is larger than the reader allows; nothing of it was read.
    case tooLarge(path: String, bytes: UInt64, limit: Int)
    /// The file became longer or shorter while it was read.
    case changed(path: String)
    /// Packed data that is damaged or ends too early.
    case malformedArchive(path: String, reason: String)
    /// A page of a mapped file was lost: the file was truncated, or its disk failed.
    case damaged(path: String)
    /// As many files are mapped as can be guarded against the loss of their pages.
    case tooManyMappings(path: String, limit: Int)
    /// A secret that others than its owner and group may read, or others than its owner may change.
    case exposedSecret(path: String, mode: UInt32)
    /// An allocation of `needed` bytes would pass the memory that `source` leaves to this process.
    case notEnoughMemory(needed: UInt64, available: UInt64, source: String)

    /// True when the path, or a folder on the way to it, does not exist.
    public var isNotFound: Bool { code == ENOENT || code == ENOTDIR }
    /// True when an exclusive create, link or mkdir found the name taken.
    public var isAlreadyPresent: Bool { code == EEXIST }
    /// True when the disk or a quota is full.
    public var isDiskFull: Bool { code == ENOSPC || code == EDQUOT }

    /// The `errno` of a failed system call, nil for the other cases.
    public var code: Int32? {
        if case .system(_, _, let errno) = self { errno } else { nil }
    }

    /// The error a failed device gives; for file systems that simulate one.
    public static func inputOutput(_ operation: FileOperation, path: String) -> FileError {
        .system(operation, path: path, errno: EIO)
    }

    /// The error of a reader that was asked to stop.
    public static func cancelled(path: String) -> FileError {
        .system(.read, path: path, errno: ECANCELED)
    }

    /// The error a missing file gives; for file systems that live in memory.
    public static func notFound(_ operation: FileOperation, path: String) -> FileError {
        .system(operation, path: path, errno: ENOENT)
    }

    /// The error a taken name gives; for file systems that live in memory.
    public static func alreadyPresent(_ operation: FileOperation, path: String) -> FileError {
        .system(operation, path: path, errno: EEXIST)
    }

    /// The error a full disk gives; for file systems that simulate one.
    public static func diskFull(_ operation: FileOperation, path: String) -> FileError {
        .system(operation, path: path, errno: ENOSPC)
    }
}

extension FileError: CustomStringConvertible {
    /// The path, what failed, and why.
    public var description: String {
        switch self {
        case .system(let operation, let path, let errno):
            "\(path): \(operation.rawValue) failed: \(Self.text(of: errno))"
        case .notRegularFile(let path):
            "\(path): not a regular file; put the file itself there"
        case .tooLarge(let path, let bytes, let limit):
            "\(path): \(bytes) bytes, the limit is \(limit)"
        case .changed(let path):
            "\(path): changed while it was read; put a file in place by rename, never write into it"
        case .malformedArchive(let path, let reason):
            "\(path): \(reason); fetch the file again"
        case .damaged(let path):
            "\(path): lost pages while it was mapped; restore the file, and look at its disk"
        case .tooManyMappings(let path, let limit):
            "\(path): not mapped, \(limit) files are already; serve fewer versions at once"
        case .exposedSecret(let path, let mode):
            "\(path): mode \(String(mode, radix: 8)) lets others read or change a secret; run: chmod 600 '\(path)'"
        case .notEnoughMemory(let needed, let available, let source):
            "needs \(needed) bytes of memory, \(source) leaves \(available); free memory or raise the limit"
        }
    }

    private static func text(of errno: Int32) -> String {
        var buffer = [CChar](repeating: 0, count: 256)
        // The XSI strerror_r fills the caller's buffer, so two threads never share one text.
        let status = unsafe strerror_r(errno, &buffer, buffer.count)
        let bytes = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return status == 0 ? String(decoding: bytes, as: UTF8.self) : "error \(errno)"
    }
}
