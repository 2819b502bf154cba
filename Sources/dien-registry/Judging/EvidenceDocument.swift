import Experiment
import Files
import Foundation
import ModelRegistry

/// Evidence in its one spelling, as the registry keeps it.
struct EvidenceDocument {
    let evidence: Evidence
    let bytes: [UInt8]

    /// Its name in a registry.
    var digest: Digest { Digest(hashing: bytes) }

    init(_ evidence: Evidence) throws {
        self.evidence = evidence
        bytes = try CanonicalJSON.encode(evidence)
    }

    /// Reads bytes that came from somewhere: strictly, and about this model. Throws `JudgingError`.
    init(_ bytes: [UInt8], from path: String, model: String) throws {
        self.bytes = bytes
        do { evidence = try CanonicalJSON.decode(Evidence.self, bytes) } catch {
            throw JudgingError.malformed(path: path, reason: "no evidence: \(error.reason)")
        }
        guard evidence.trial.model == model else {
            throw JudgingError.otherTrial(reason: "it is about model '\(evidence.trial.model)'")
        }
    }

    /// Reads a file.
    init(path: String, model: String) throws {
        let limit = RegistryState.evidenceBytesLimit
        try self.init(LocalFileSystem().contents(path, limit: limit), from: path, model: model)
    }

    /// What an epoch names; nil where it names none, or one about another model.
    init?(about model: String, of state: RegistryState, in registry: Registry) throws {
        guard let bytes = try registry.evidence(of: state) else { return nil }
        do {
            try self.init(bytes, from: "the evidence of epoch \(state.epoch)", model: model)
        } catch JudgingError.otherTrial { return nil }
    }

    /// Throws `JudgingError` unless it makes this version the champion by right: a PASS, computed again, in the split that
    /// runs now, against the champion of now, by this policy, not older than so many seconds.
    func requirePass(
        of version: UInt64, in state: RegistryState, policy: JudgePolicy, age limit: Int, now: UInt64
    ) throws {
        let trial = evidence.trial
        let entry = try state.model(trial.model)
        func other(_ reason: String) -> JudgingError { .otherTrial(reason: reason) }
        guard trial.kind == .split else { throw other("it is of a shadow, not of a split") }
        guard let split = entry.split else { throw other("no split of '\(trial.model)' runs") }
        guard split.salt == trial.experiment else {
            throw other("it is of the split '\(trial.experiment)', and '\(split.salt)' runs")
        }
        guard trial.candidate.version == version else {
            throw other("it is of version \(trial.candidate.version), not of \(version)")
        }
        for side in [trial.candidate, trial.control] {
            let arm = split.arms.first { $0.name == side.arm }
            guard let arm, arm.target.version(in: entry) == side.version, Double(arm.weight) == side.weight
            else {
                throw other("the arm '\(side.arm)' is not what was judged any more")
            }
        }
        guard trial.control.version == entry.aliases[RegistryState.champion] else {
            throw other("it compares with version \(trial.control.version), which is not the champion")
        }
        guard evidence.policy == policy else { throw other("it was judged by another policy") }
        if let seconds = Timestamp.seconds(since: evidence.time, now: now) {
            guard seconds <= Double(limit), seconds > -60 else {
                throw JudgingError.stale(seconds: Int(seconds.rounded(.up)), limit: limit)
            }
        } else {
            throw other("its time '\(evidence.time)' is none")
        }
        let differences = evidence.differences
        guard differences.isEmpty else { throw other("its verdict does not follow: \(differences[0])") }
        guard evidence.verdict.decision == .pass else {
            throw JudgingError.notPassed(reason: evidence.verdict.summary)
        }
    }
}

/// The times that states and evidence carry.
enum Timestamp {
    /// Milliseconds since 1970 as RFC 3339 in UTC.
    static func text(_ milliseconds: UInt64) -> String {
        WallClock.rfc3339(seconds: Int(milliseconds / 1000), milliseconds: Int(milliseconds % 1000))
    }

    /// Seconds from a time in RFC 3339 until `now`, milliseconds since 1970; nil for a text that is no time.
    static func seconds(since text: String, now: UInt64) -> Double? {
        let styles = [true, false].map { Date.ISO8601FormatStyle(includingFractionalSeconds: $0) }
        guard let date = styles.lazy.compactMap({ try? $0.parse(text) }).first else { return nil }
        // Times are whole milliseconds: what a date adds to them is error.
        return (Double(now) - date.timeIntervalSince1970 * 1000).rounded() / 1000
    }
}

extension Verdict {
    /// The decision, and what stands in the way of a pass.
    var summary: String {
        let worst = checks.filter { $0.decision == decision && decision != .pass }
        return ([decision.rawValue] + worst.map { "\($0.name): \($0.reason)" }).joined(separator: "; ")
    }

}

extension Verdict.Decision {
    /// The status that `judge` ends with.
    var exitCode: Int32 {
        switch self {
        case .pass: 0
        case .hold: 6
        case .insufficient: 7
        case .fail: 8
        }
    }
}
