import Experiment
import Foundation
import ModelRegistry
import TestSupport
import Testing

@testable import dien_registry

/// A registry with versions 1 (the champion), 2 and 3 of model sports, whose files nobody looks into; removed when it goes.
final class TemporaryRegistry: Sendable {
    let root: String
    let registry: Registry

    init() throws {
        root = NSTemporaryDirectory() + "/judged-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        registry = try Registry.create(at: root + "/registry", reserveBytes: 0)
        for content in ["a", "b", "c"] { try push(content) }
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    func push(_ content: String) throws {
        let folder = root + "/model-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for file in ModelFile.all {
            try Data(content.utf8).write(to: URL(fileURLWithPath: folder + "/" + file.name))
        }
        _ = try registry.push(
            model: "sports", folder: folder, alias: content == "a" ? "champion" : nil, note: note("push"),
            verifier: { _ in })
    }

    /// Starts a split of version 3 beside a control.
    func split(coverage: UInt32 = 200, salt: String = "s1") throws {
        _ = try registry.startSplit(
            RegisteredSplit(
                salt: salt, unit: "user_id",
                arms: [
                    .init(name: "candidate", target: .version(3)),
                    .init(name: "control", target: .alias("champion")),
                ], coverage: coverage, control: "control"), of: "sports", note: note("split start"),
            verifier: { _ in })
    }

    var state: RegistryState { get throws { try registry.currentState() } }
    var sports: RegisteredModel { get throws { try state.model("sports") } }

    func note(_ command: String) -> CommitNote { CommitNote(command: command, actor: "tester@bench") }
}

/// Replicas that count what a candidate does, as their state tells them.
struct FakeReplicas {
    /// How the candidate fares; the control always fares well.
    enum Candidate {
        case good, broken, unseen
    }

    /// An arm of some 20,000 units with ten impressions each: so alike that a judge sees it with little data.
    private static let arms: [Bool: (ArmCounters, UnitSample)] = {
        var arms: [Bool: (ArmCounters, UnitSample)] = [:]
        for isBroken in [false, true] {
            var random = SplitMix64(seed: isBroken ? 11 : 12)
            var (counters, units) = (ArmCounters(), UnitSample())
            for number in 0..<20 * ArmCounters.bucketCount {
                let hash = random.next()
                units.see(hash)
                let bucket = number % ArmCounters.bucketCount
                counters.add(1, to: .requests, bucket: bucket)
                counters.add(10, to: .impressions, bucket: bucket)
                counters.add(number / ArmCounters.bucketCount % 2 == 0 ? 1 : 0, to: .clicks, bucket: bucket)
                counters.add(0.5, to: .predictedClicks, bucket: bucket)
                counters.add(2, to: .logLoss, bucket: bucket)
                if isBroken, number % 100 == 0 { counters.add(1, to: .fallbacks, bucket: bucket) }
            }
            arms[isBroken] = (counters, units)
        }
        return arms
    }()
    private static let shadow: ShadowComparison = {
        var comparison = ShadowComparison()
        for _ in 0..<1500 {
            comparison.add(
                champion: [0.1, 0.2], candidate: [0.11, 0.21], championSeconds: 1, candidateSeconds: 1)
        }
        return comparison
    }()

    let bench: TemporaryRegistry
    var candidate = Candidate.good
    /// Replicas that do not answer.
    var silent: Set<String> = []
    /// What the second replica's own guard has done.
    var armGuard = ArmGuard(.closed)

    func answers() throws -> [(replica: String, answer: Hearing.Answer)] {
        let state = try bench.state
        return try ["a:1", "b:1", "c:1"].map { name in
            if silent.contains(name) { return (name, .silence("UNAVAILABLE: connection refused")) }
            return (name, .tally(try tally(state, guarded: name == "b:1")))
        }
    }

    private func tally(_ state: RegistryState, guarded: Bool) throws -> ServerTally {
        let model = try state.model("sports")
        var tally = ModelTally(model: "sports", experiments: [])
        if let split = model.split {
            let arms = try split.arms.map { arm in
                let isControl = arm.name == split.control
                let sums = try #require(Self.arms[!isControl && candidate == .broken])
                let isUnseen = candidate == .unseen
                return ArmTally(
                    name: arm.name, version: arm.target.version(in: model) ?? 0, digest: "",
                    weight: arm.weight,
                    isControl: isControl, counters: isUnseen ? ArmCounters() : sums.0,
                    units: isUnseen ? UnitSample() : sums.1,
                    guards: [guarded && !isControl ? armGuard : ArmGuard(.closed)])
            }
            tally.experiments = [ExperimentTally(experiment: split.salt, isRunning: true, arms: arms)]
        }
        if let shadow = model.shadow?.target.version(in: model) {
            let key = ModelTally.ShadowKey(
                version: shadow, championVersion: model.aliases["champion"] ?? 0,
                segment: ShadowSegment(dimension: .all, label: ""))
            var comparison = candidate == .unseen ? ShadowComparison() : Self.shadow
            if candidate == .broken { for _ in 0..<100 { comparison.addFailure() } }
            tally.shadows = [key: comparison]
        }
        return ServerTally(
            servers: [
                .init(
                    epoch: state.epoch, version: "0.1", startUnixMilliseconds: 1, unixMilliseconds: 2,
                    windowMilliseconds: 1000)
            ], models: [tally])
    }
}
