/// What can be said of a candidate.
public struct Verdict: Sendable, Equatable, Codable {
    /// The decision.
    public enum Decision: String, Sendable, Codable {
        /// It may take more traffic.
        case pass = "PASS"
        /// There is data, and it does not decide yet, or is not to be trusted.
        case hold = "HOLD"
        /// There is too little data to say anything. Never a pass, and never a failure.
        case insufficient = "INSUFFICIENT"
        /// It is worse: take its traffic away.
        case fail = "FAIL"
    }

    /// One thing that was looked at.
    public struct Check: Sendable, Equatable, Codable {
        /// What, such as "click-through rate".
        public let name: String
        /// What it alone says.
        public let decision: Decision
        /// The figure; nil where there is none yet.
        public let value: Double?
        /// The limits of its confidence sequence, or of what is allowed.
        public let lower: Double?
        /// The upper one.
        public let upper: Double?
        /// One sentence.
        public let reason: String

        /// One thing that was looked at.
        public init(
            name: String, decision: Decision, value: Double?, lower: Double?, upper: Double?, reason: String
        ) {
            self.name = name
            self.decision = decision
            self.value = value
            self.lower = lower
            self.upper = upper
            self.reason = reason
        }
    }

    /// The worst of the checks: a failure, then too little data, then a hold.
    public let decision: Decision
    /// All checks, in the order in which they are told.
    public let checks: [Check]

    /// The verdict that these checks make.
    public init(checks: [Check]) {
        self.checks = checks
        let decisions = checks.map(\.decision)
        decision =
            [Decision.fail, .insufficient, .hold].first(where: decisions.contains)
            ?? (checks.isEmpty ? .insufficient : .pass)
    }

    /// The checks that keep it from a pass.
    public var obstacles: [Check] { checks.filter { $0.decision != .pass } }
}
