/// Everything that a verdict was computed from, and the verdict: enough to compute it again at any time, and no unit in it.
public struct Evidence: Sendable, Equatable, Codable {
    /// The only format there is.
    public static let format = "dien-evidence/1"

    /// What was judged.
    public let trial: Trial
    /// The epoch of the registry's state that told so.
    public let epoch: UInt64
    /// When, RFC 3339 in UTC.
    public let time: String
    /// What was asked for.
    public let policy: JudgePolicy
    /// What the replicas said.
    public let hearing: Hearing
    /// What was concluded.
    public let verdict: Verdict

    /// The evidence of what `policy` says of a hearing.
    public init(trial: Trial, epoch: UInt64, time: String, policy: JudgePolicy, hearing: Hearing) {
        self.trial = trial
        self.epoch = epoch
        self.time = time
        self.policy = policy
        self.hearing = hearing
        verdict = Judge(policy).verdict(on: hearing)
    }

    /// What differs between the verdict that is written down and the one that is computed now; nothing, unless the document
    /// was made up or the program computes differently.
    public var differences: [String] {
        let computed = Judge(policy).verdict(on: hearing)
        if computed == verdict { return [] }
        var differences: [String] = []
        if computed.decision != verdict.decision {
            differences.append(
                "the decision is \(computed.decision.rawValue), not \(verdict.decision.rawValue)")
        }
        let names = verdict.checks.map(\.name)
        if names != computed.checks.map(\.name) {
            differences.append(
                "the checks are others: \(computed.checks.map(\.name).joined(separator: ", "))")
            return differences
        }
        for (new, old) in zip(computed.checks, verdict.checks) where new != old {
            differences.append("\(new.name): \(new.differences(from: old).joined(separator: ", "))")
        }
        return differences.isEmpty ? ["the verdicts differ"] : differences
    }

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case format, trial, epoch, time, policy, hearing, verdict
    }

    /// Decodes strictly; whether the verdict follows is ``differences``.
    public init(from decoder: any Decoder) throws {
        try decoder.refuseOtherKeys(than: CodingKeys.allCases.map(\.stringValue))
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let found = try container.decode(String.self, forKey: .format)
        guard found == Self.format else {
            throw DecodingError.dataCorruptedError(
                forKey: .format, in: container,
                debugDescription: "'\(found)' is not supported, only '\(Self.format)'")
        }
        trial = try container.decode(Trial.self, forKey: .trial)
        epoch = try container.decode(UInt64.self, forKey: .epoch)
        time = try container.decode(String.self, forKey: .time)
        policy = try container.decode(JudgePolicy.self, forKey: .policy)
        hearing = try container.decode(Hearing.self, forKey: .hearing)
        verdict = try container.decode(Verdict.self, forKey: .verdict)
        guard (hearing.candidate != nil) == (trial.kind == .split),
            (hearing.control != nil) == (trial.kind == .split),
            (hearing.shadow != nil) == (trial.kind == .shadow)
        else {
            throw DecodingError.dataCorruptedError(
                forKey: .hearing, in: container,
                debugDescription: "it has not the counters of a \(trial.kind.rawValue)")
        }
    }

    /// Encodes every field and the format.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(Self.format, forKey: .format)
        try container.encode(trial, forKey: .trial)
        try container.encode(epoch, forKey: .epoch)
        try container.encode(time, forKey: .time)
        try container.encode(policy, forKey: .policy)
        try container.encode(hearing, forKey: .hearing)
        try container.encode(verdict, forKey: .verdict)
    }
}

extension Verdict.Check {
    fileprivate func differences(from old: Verdict.Check) -> [String] {
        func text(_ value: Double?) -> String { value.map { "\($0)" } ?? "none" }
        var found: [String] = []
        if decision != old.decision { found.append("\(decision.rawValue), not \(old.decision.rawValue)") }
        for (name, new, old) in [
            ("value", value, old.value), ("lower limit", lower, old.lower), ("upper limit", upper, old.upper),
        ] where new != old {
            found.append("\(name) \(text(new)), not \(text(old))")
        }
        if reason != old.reason { found.append("reason '\(reason)', not '\(old.reason)'") }
        return found
    }
}
