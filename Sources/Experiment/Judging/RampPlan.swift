/// How a candidate's traffic grows, and when it is taken away: a pure function of what is known now.
public struct RampPlan: Sendable, Equatable, Codable {
    /// One step of the way.
    public struct Phase: Sendable, Equatable, Codable {
        /// Basis points of the traffic that the candidate gets; 0 is shadowing alone.
        public let share: Int
        /// Seconds that it lasts at least.
        public let holdSeconds: Double
        /// Units that the candidate has seen before the next one, at least.
        public let minimumUnits: Int

        /// One step.
        public init(share: Int, holdSeconds: Double, minimumUnits: Int) {
            self.share = share
            self.holdSeconds = holdSeconds
            self.minimumUnits = minimumUnits
        }
    }

    /// What to do next.
    public enum Action: Sendable, Equatable {
        /// Stay, for this reason.
        case hold(reason: String)
        /// Go on to the phase of this index. Done by itself only where automatic promotion was asked for.
        case raise(phase: Int)
        /// Every phase is behind: make the candidate the champion.
        case promote
        /// Take all traffic from the candidate, and begin anew under another salt: those who met a bad arm come back.
        case rollBack(reason: String)
    }

    /// The steps, shares rising.
    public let phases: [Phase]

    /// Shadow, 1, 5, 10, 25, 50 and 100 %.
    public static func standard(holdSeconds: Double = 3600, minimumUnits: Int = 1000) -> RampPlan {
        RampPlan(
            phases: [0, 100, 500, 1000, 2500, 5000, 10_000].map {
                Phase(share: $0, holdSeconds: holdSeconds, minimumUnits: minimumUnits)
            })
    }

    /// Precondition: there is a phase, and shares rise within 0...10,000.
    public init(phases: [Phase]) {
        precondition(!phases.isEmpty && phases.allSatisfy { (0...10_000).contains($0.share) }, "phases")
        precondition(zip(phases, phases.dropFirst()).allSatisfy { $0.share < $1.share }, "shares rise")
        self.phases = phases
    }

    /// What to do in a phase that has lasted `seconds` and in which the candidate has seen `units`, by this verdict; nil
    /// where none could be made, which holds. Failure is looked for first, in every phase.
    public func action(phase: Int, seconds: Double, units: Int, verdict: Verdict?) -> Action {
        guard let verdict else { return .hold(reason: "there is no verdict: replicas do not answer") }
        if verdict.decision == .fail {
            let reasons = verdict.checks.filter { $0.decision == .fail }.map { "\($0.name): \($0.reason)" }
            return .rollBack(reason: reasons.joined(separator: "; "))
        }
        let current = phases[phase]
        guard seconds >= current.holdSeconds else {
            return .hold(reason: "\(Int(current.holdSeconds - seconds)) s of this phase are left")
        }
        guard units >= current.minimumUnits else {
            return .hold(reason: "\(units) units of \(current.minimumUnits)")
        }
        guard verdict.decision == .pass else {
            return .hold(reason: verdict.obstacles.map { "\($0.name): \($0.reason)" }.joined(separator: "; "))
        }
        return phase + 1 < phases.count ? .raise(phase: phase + 1) : .promote
    }
}
