import Experiment
import ModelRegistry

/// What `judge` prints.
struct JudgeReport: Encodable {
    /// One side in figures.
    struct Side: Encodable {
        let arm: String?
        let version: UInt64
        let units: Double?
        let requests: Double?
        let impressions: Double?
        let clicks: Double?
        let badEvents: Int?
    }

    /// What a replay found.
    struct Replay: Encodable {
        let same: Bool
        let differences: [String]
    }

    let model: String
    let kind: Trial.Kind
    let experiment: String?
    let epoch: UInt64
    let time: String
    let decision: Verdict.Decision
    let checks: [Verdict.Check]
    let replicas: [Hearing.Replica]
    let candidate: Side
    let control: Side
    let evidence: String
    let replay: Replay?

    init(_ document: EvidenceDocument, replayed: Bool = false) {
        let evidence = document.evidence
        let trial = evidence.trial
        model = trial.model
        kind = trial.kind
        experiment = trial.kind == .split ? trial.experiment : nil
        epoch = evidence.epoch
        time = evidence.time
        decision = evidence.verdict.decision
        checks = evidence.verdict.checks
        replicas = evidence.hearing.replicas
        candidate = Side(trial.candidate, evidence.hearing.candidate)
        control = Side(trial.control, evidence.hearing.control)
        self.evidence = "\(document.digest)"
        let differences = evidence.differences
        replay = replayed ? Replay(same: differences.isEmpty, differences: differences) : nil
    }

    /// For people: what was judged, each check with its figures, and the decision last.
    var text: String {
        let place = experiment.map { "split \($0)" } ?? "shadow"
        var lines = [
            "\(model): version \(candidate.version) beside \(control.version), \(place), epoch \(epoch)"
        ]
        lines += checks.map { check in
            "\(Output.padded(check.decision.rawValue, 13))\(check.name): \(check.reason)\(check.figures)"
        }
        if let replay {
            lines.append(replay.same ? "computed again: the same, to the bit" : "computed again: it differs")
            lines += replay.differences.map { "  \($0)" }
        }
        return (lines + [decision.rawValue]).joined(separator: "\n")
    }
}

extension JudgeReport.Side {
    init(_ side: Trial.Side, _ arm: Judge.Arm?) {
        self.arm = arm == nil ? nil : side.arm
        version = side.version
        units = arm?.units.estimatedUnits
        requests = arm?.counters.total(.requests)
        impressions = arm?.counters.total(.impressions)
        clicks = arm?.counters.total(.clicks)
        badEvents = arm?.counters.badEvents
    }
}

extension Verdict.Check {
    /// Value and limits, where they say more than the reason: ` (+1.2 %, -0.8 to +3.2 %)`.
    fileprivate var figures: String {
        guard Judge.outcomes.contains(name), let value, let lower, let upper else { return "" }
        return " (\(Self.percent(value)), \(Self.percent(lower)) to \(Self.percent(upper)))"
    }

    /// A relative change with two decimals.
    private static func percent(_ change: Double) -> String {
        guard abs(change) < 1e6 else { return "\(change)" }
        let hundredths = Int((abs(change) * 10_000).rounded())
        let decimals = hundredths % 100
        let sign = change < 0 && hundredths > 0 ? "-" : "+"
        return "\(sign)\(hundredths / 100).\(decimals < 10 ? "0" : "")\(decimals) %"
    }
}
