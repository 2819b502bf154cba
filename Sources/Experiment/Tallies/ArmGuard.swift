/// What the guard of a server has done about an arm.
public struct ArmGuard: Sendable, Equatable, Codable {
    /// Whether the arm's own version answers.
    public enum State: String, Sendable, Codable, CaseIterable {
        /// No guard watches it.
        case unwatched
        /// It answers.
        case closed
        /// The champion answers in its place, since it failed too often.
        case open
        /// It answers a few requests, to see whether it can again.
        case probing
        /// The champion answers in its place until the experiment begins anew: it surely made more bad events than the control.
        case tripped
    }

    /// What.
    public var state: State
    /// Why, in one sentence.
    public var reason: String
    /// Since when: milliseconds since 1970-01-01T00:00:00Z.
    public var sinceUnixMilliseconds: UInt64

    /// A guard in a state.
    public init(_ state: State, reason: String = "", sinceUnixMilliseconds: UInt64 = 0) {
        self.state = state
        self.reason = reason
        self.sinceUnixMilliseconds = sinceUnixMilliseconds
    }
}
