import CMessages

/// The state of a version in one server: `dien.v1.VersionState`.
public enum VersionState: String, Sendable, CaseIterable {
    /// Not given, or newer than this code.
    case unspecified = "UNSPECIFIED"
    /// Not in memory, because nothing calls for it.
    case notLoaded = "NOT_LOADED"
    /// Being mapped and checked.
    case loading = "LOADING"
    /// Answers requests.
    case ready = "READY"
    /// Failed a check.
    case refused = "REFUSED"
    /// Requests in flight finish, then it is freed.
    case unloading = "UNLOADING"

    init(_ value: Dien__V1__VersionState) {
        self =
            switch value {
            case DIEN__V1__VERSION_STATE__VERSION_STATE_NOT_LOADED: .notLoaded
            case DIEN__V1__VERSION_STATE__VERSION_STATE_LOADING: .loading
            case DIEN__V1__VERSION_STATE__VERSION_STATE_READY: .ready
            case DIEN__V1__VERSION_STATE__VERSION_STATE_REFUSED: .refused
            case DIEN__V1__VERSION_STATE__VERSION_STATE_UNLOADING: .unloading
            default: .unspecified
            }
    }

    var cValue: Dien__V1__VersionState {
        switch self {
        case .unspecified: DIEN__V1__VERSION_STATE__VERSION_STATE_UNSPECIFIED
        case .notLoaded: DIEN__V1__VERSION_STATE__VERSION_STATE_NOT_LOADED
        case .loading: DIEN__V1__VERSION_STATE__VERSION_STATE_LOADING
        case .ready: DIEN__V1__VERSION_STATE__VERSION_STATE_READY
        case .refused: DIEN__V1__VERSION_STATE__VERSION_STATE_REFUSED
        case .unloading: DIEN__V1__VERSION_STATE__VERSION_STATE_UNLOADING
        }
    }
}

extension VersionState: CustomStringConvertible {
    /// The name in the protocol without its prefix, such as `READY`.
    public var description: String { rawValue }
}
