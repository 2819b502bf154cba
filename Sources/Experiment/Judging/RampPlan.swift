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

    /// The share that is all of the traffic: the candidate is the champion then.
    static let whole = 10_000

    /// The steps, shares rising.
    public let phases: [Phase]

    /// Shadow, 1, 5, 10, 25, 50 and 100 %.
    public static func standard(holdSeconds: Double = 3600, minimumUnits: Int = 1000) -> RampPlan {
        RampPlan(
            phases: [0, 100, 500, 1000, 2500, 5000, whole].map {
                Phase(share: $0, holdSeconds: holdSeconds, minimumUnits: minimumUnits)
            })
    }

    /// Precondition: ``fault(in:)`` finds none.
    public init(phases: [Phase]) {
        precondition(Self.fault(in: phases) == nil, "phases")
        self.phases = phases
    }

    /// What is wrong with these phases; nil: nothing. A candidate beside a control of its size gets half of the traffic at
    /// most, then all of it.
    public static func fault(in phases: [Phase]) -> String? {
        guard (1...100).contains(phases.count) else { return "\(phases.count) phases instead of 1 to 100" }
        for phase in phases {
            guard (0...5000).contains(phase.share) || phase.share == whole else {
                return "the share \(phase.share) is neither 0 to 5000 basis points nor 10000"
            }
            guard (0...1e9).contains(phase.holdSeconds), (0...1 << 40).contains(phase.minimumUnits) else {
                return "the phase of \(phase.share) basis points asks for a time or units that cannot be"
            }
        }
        guard zip(phases, phases.dropFirst()).allSatisfy({ $0.share < $1.share }) else {
            return "shares must rise from phase to phase"
        }
        return nil
    }

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case phases
    }

    /// Decodes phases without a fault.
    public init(from decoder: any Decoder) throws {
        try decoder.refuseOtherKeys(than: CodingKeys.allCases.map(\.stringValue))
        let container = try decoder.container(keyedBy: CodingKeys.self)
        phases = try container.decode([Phase].self, forKey: .phases)
        if let fault = Self.fault(in: phases) {
            throw DecodingError.dataCorruptedError(forKey: .phases, in: container, debugDescription: fault)
        }
    }

    /// What to do in a phase that has lasted `seconds` and in which the candidate has seen `units` (shadowed requests where
    /// it answers nobody), by this verdict; nil where none could be made, which holds. Failure is looked for first, in every
    /// phase. The next phase needs what is safe to pass, since a candidate that is merely no better yet is found out with
    /// more traffic only; promotion needs all to pass.
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
        let isLast = phase + 1 >= phases.count || phases[phase + 1].share == Self.whole
        let obstacles = verdict.obstacles.filter { isLast || !Judge.outcomes.contains($0.name) }
        // A verdict that looked at nothing has no obstacle either.
        guard obstacles.isEmpty, !verdict.checks.isEmpty else {
            return .hold(reason: obstacles.map { "\($0.name): \($0.reason)" }.joined(separator: "; "))
        }
        return isLast ? .promote : .raise(phase: phase + 1)
    }
}
