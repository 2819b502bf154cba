public import Files

/// Why a file is not read as a request log, or a log cannot be kept.
public enum RequestLogError: Error, Sendable, Equatable {
    /// It does not begin as one.
    case notARequestLog
    /// It was written in another format.
    case unknownVersion(UInt16)
    /// Its header's check sum is wrong.
    case damagedHeader
    /// The bounds of a log contradict each other.
    case bounds(fileBytes: UInt64, totalBytes: UInt64)
    /// The disk, or what stands at the path.
    case file(FileError)
}

extension RequestLogError: CustomStringConvertible {
    /// One sentence: the thing and the mend.
    public var description: String {
        switch self {
        case .notARequestLog: "not a request log; name a folder or file that dien-server --request-log wrote"
        case .unknownVersion(let version):
            "a request log of format \(version), this program reads format \(RequestLogHeader.version); use the newer one"
        case .damagedHeader: "the header of the request log is damaged; nothing of the file can be trusted"
        case .bounds(let file, let total):
            "a request log of \(total) bytes has no room for two files of \(file) bytes; raise the one or lower the other"
        case .file(let error): "\(error)"
        }
    }
}

/// What a reader met in a file that is not as it was written. What stands before it is right.
public enum RequestLogDamage: Error, Sendable, Equatable {
    /// The file ends inside a record: its writer was killed, or writes at this moment.
    case torn(offset: UInt64, bytes: UInt64)
    /// A record's content is not what was written; the ones behind it are read.
    case content(offset: UInt64)
    /// What tells a record's length is damaged: nothing behind it can be found.
    case length(offset: UInt64, lostBytes: UInt64)
    /// A record's check sum is right and its content is not that of its kind.
    case malformed(offset: UInt64)

    /// Whether it is what a crash leaves behind, and nothing worse.
    public var isTorn: Bool { if case .torn = self { true } else { false } }
}

extension RequestLogDamage: CustomStringConvertible {
    /// One sentence.
    public var description: String {
        switch self {
        case .torn(let offset, let bytes):
            "ends inside the record at byte \(offset), of which \(bytes) bytes are there: its writer was stopped, or writes now"
        case .content(let offset): "the record at byte \(offset) is damaged and left out"
        case .length(let offset, let lost):
            "the record at byte \(offset) is damaged where it tells its length; the last \(lost) bytes are left out"
        case .malformed(let offset): "the record at byte \(offset) is not of its kind and left out"
        }
    }
}
