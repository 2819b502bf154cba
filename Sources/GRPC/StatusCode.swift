/// The seventeen status codes of gRPC. The raw value is what `grpc-status` carries, in decimal.
public enum StatusCode: Int, Sendable, Hashable, CaseIterable {
    /// The call succeeded.
    case ok = 0
    /// The caller gave the call up.
    case cancelled = 1
    /// An error that names no better code.
    case unknown = 2
    /// The request is wrong, whatever the state of the server.
    case invalidArgument = 3
    /// The deadline passed before the answer was there.
    case deadlineExceeded = 4
    /// What the request names does not exist.
    case notFound = 5
    /// What the request would make exists.
    case alreadyExists = 6
    /// The caller is known, and may not do this.
    case permissionDenied = 7
    /// A limit or a quota is used up.
    case resourceExhausted = 8
    /// The state of the server does not allow this now; repeating it alone does not help.
    case failedPrecondition = 9
    /// A conflict with another call; a higher-level repeat may succeed.
    case aborted = 10
    /// Past the end of a valid range.
    case outOfRange = 11
    /// The server has no such service or method, or cannot do what the call asks for.
    case unimplemented = 12
    /// A broken invariant of the server or of the protocol.
    case `internal` = 13
    /// The server cannot be reached now; repeating the call may succeed.
    case unavailable = 14
    /// Data is lost or damaged beyond repair.
    case dataLoss = 15
    /// The caller is not known.
    case unauthenticated = 16
}

extension StatusCode {
    /// Reads the value of a `grpc-status` field. What is not the plain decimal of a known code is `unknown`.
    public init(wireValue: String) {
        guard let first = wireValue.utf8.first, first != UInt8(ascii: "+"), let number = Int(wireValue) else {
            self = .unknown
            return
        }
        self = StatusCode(rawValue: number) ?? .unknown
    }

    /// The decimal that `grpc-status` carries, without leading zeros.
    public var wireValue: String { String(rawValue) }
}

extension StatusCode: CustomStringConvertible {
    /// The name in the specification of gRPC, such as `NOT_FOUND`.
    public var description: String {
        switch self {
        case .ok: "OK"
        case .cancelled: "CANCELLED"
        case .unknown: "UNKNOWN"
        case .invalidArgument: "INVALID_ARGUMENT"
        case .deadlineExceeded: "DEADLINE_EXCEEDED"
        case .notFound: "NOT_FOUND"
        case .alreadyExists: "ALREADY_EXISTS"
        case .permissionDenied: "PERMISSION_DENIED"
        case .resourceExhausted: "RESOURCE_EXHAUSTED"
        case .failedPrecondition: "FAILED_PRECONDITION"
        case .aborted: "ABORTED"
        case .outOfRange: "OUT_OF_RANGE"
        case .unimplemented: "UNIMPLEMENTED"
        case .internal: "INTERNAL"
        case .unavailable: "UNAVAILABLE"
        case .dataLoss: "DATA_LOSS"
        case .unauthenticated: "UNAUTHENTICATED"
        }
    }
}
