import CMessages

/// Whether an arm's own version answers in a server: `dien.v1.GuardState`.
public enum GuardState: String, Sendable, CaseIterable {
    /// No guard watches it, or one that is newer than this code.
    case unspecified = "UNSPECIFIED"
    /// It answers.
    case closed = "CLOSED"
    /// The champion answers in its place, since it failed too often.
    case open = "OPEN"
    /// It answers a few requests, to see whether it can again.
    case probing = "PROBING"
    /// The champion answers in its place until the experiment begins anew.
    case tripped = "TRIPPED"

    init(_ value: Dien__V1__GuardState) {
        self =
            switch value {
            case DIEN__V1__GUARD_STATE__GUARD_STATE_CLOSED: .closed
            case DIEN__V1__GUARD_STATE__GUARD_STATE_OPEN: .open
            case DIEN__V1__GUARD_STATE__GUARD_STATE_PROBING: .probing
            case DIEN__V1__GUARD_STATE__GUARD_STATE_TRIPPED: .tripped
            default: .unspecified
            }
    }

    var cValue: Dien__V1__GuardState {
        switch self {
        case .unspecified: DIEN__V1__GUARD_STATE__GUARD_STATE_UNSPECIFIED
        case .closed: DIEN__V1__GUARD_STATE__GUARD_STATE_CLOSED
        case .open: DIEN__V1__GUARD_STATE__GUARD_STATE_OPEN
        case .probing: DIEN__V1__GUARD_STATE__GUARD_STATE_PROBING
        case .tripped: DIEN__V1__GUARD_STATE__GUARD_STATE_TRIPPED
        }
    }
}

extension GuardState: CustomStringConvertible {
    /// The name in the protocol without its prefix, such as `OPEN`.
    public var description: String { rawValue }
}
