import CMessages

/// What became of a user's state: `dien.v1.UserState`.
public enum UserState: String, Sendable, CaseIterable {
    /// Not given, or newer than this code.
    case unspecified = "UNSPECIFIED"
    /// It was there.
    case reused = "REUSED"
    /// It went on from the state of the history's beginning.
    case extended = "EXTENDED"
    /// It was computed from the first behaviour on.
    case computed = "COMPUTED"

    init(_ value: Dien__V1__UserState) {
        self =
            switch value {
            case DIEN__V1__USER_STATE__USER_STATE_REUSED: .reused
            case DIEN__V1__USER_STATE__USER_STATE_EXTENDED: .extended
            case DIEN__V1__USER_STATE__USER_STATE_COMPUTED: .computed
            default: .unspecified
            }
    }

    var cValue: Dien__V1__UserState {
        switch self {
        case .unspecified: DIEN__V1__USER_STATE__USER_STATE_UNSPECIFIED
        case .reused: DIEN__V1__USER_STATE__USER_STATE_REUSED
        case .extended: DIEN__V1__USER_STATE__USER_STATE_EXTENDED
        case .computed: DIEN__V1__USER_STATE__USER_STATE_COMPUTED
        }
    }
}

extension UserState: CustomStringConvertible {
    /// The name in the protocol without its prefix, such as `REUSED`.
    public var description: String { rawValue }
}
