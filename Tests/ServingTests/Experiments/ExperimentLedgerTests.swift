import Experiment
import ModelRegistry
import TestSupport
import Testing

@testable import Serving

/// What a replica counts of its experiments.
@Suite struct ExperimentLedgerTests {
    private let ledger = ExperimentLedger(windowMilliseconds: 8000)

    /// Half of the units try version 2, half are its control; "qa" is allowed to.
    private func split(_ salt: String, candidate: UInt64 = 2) -> RegisteredSplit {
        RegisteredSplit(
            salt: salt, unit: "user_id",
            arms: [
                RegisteredSplit.Arm(name: "control", target: .alias("champion"), weight: 50),
                RegisteredSplit.Arm(
                    name: "candidate", target: .version(candidate), weight: 50, allow: ["qa"]),
            ], coverage: 10_000, control: "control")
    }

    private func table(
        epoch: UInt64, _ split: RegisteredSplit?, after previous: ServingTable = .empty,
        refusing refused: Set<UInt64> = []
    ) throws -> ServingTable {
        try Fixture.advance(
            previous, to: Fixture.state(epoch: epoch, aliases: ["champion": 1], split: split),
            refusing: refused)
    }

    private func open(_ table: ServingTable, _ unit: String, version: UInt64 = 0) throws -> ArmRecorder {
        let route = try table.route(model: "sports", version: version, alias: "", unit: unit)
        return ledger.open(route, unit: unit, requestID: "r")
    }

    private func arms(_ experiment: String, now: UInt64 = 0) throws -> [ArmTally] {
        let model = try #require(ledger.tally(now: now).first)
        return try #require(model.experiments.first { $0.experiment == experiment }).arms
    }

    @Test func `an experiment that nobody has called yet has its arms, with all that the registry says`()
        throws
    {
        ledger.follow(try table(epoch: 1, split("e")), now: 0)
        let model = try #require(ledger.tally(now: 0).first)
        #expect(model.model == "sports")
        #expect(model.experiments.map(\.experiment) == ["", "e"])
        #expect(model.experiments.map(\.isRunning) == [true, true])
        let arms = model.experiments[1].arms
        #expect(arms.map(\.name) == ["control", "candidate"] && arms.map(\.version) == [1, 2])
        #expect(arms.map(\.weight) == [50, 50] && arms.map(\.isControl) == [true, false])
        #expect(arms[1].digest == Fixture.descriptor("sports", 2).digest.description)
        #expect(arms.allSatisfy { $0.counters == ArmCounters() && $0.guards == [ArmGuard(.unwatched)] })
    }

    @Test func `requests are counted under their arm, in the bucket of their unit, and units once`() throws {
        let table = try table(epoch: 1, split("e"))
        ledger.follow(table, now: 0)
        var expected = [ArmCounters(), ArmCounters()]
        var units = [UnitSample(), UnitSample()]
        for index in 0..<3000 {
            let name = "user \(index % 1000)"
            let recorder = try open(table, name)
            recorder.recordScored(candidates: 7)
            let unit = UnitBucket(unit: name)
            let arm = recorder.series.identity.arm == "control" ? 0 : 1
            expected[arm].add(1, to: .requests, bucket: unit.bucket)
            expected[arm].add(7, to: .candidates, bucket: unit.bucket)
            units[arm].see(unit.hash)
        }
        let arms = try arms("e")
        // What is compared is too long to be told.
        let areEqual = arms.map(\.counters) == expected && arms.map(\.units) == units
        #expect(areEqual)
        #expect(units[0].hashes.count + units[1].hashes.count == 1000)
    }

    @Test func `what is outside the experiment is counted outside`() throws {
        let table = try table(epoch: 1, split("e"))
        ledger.follow(table, now: 0)
        _ = try open(table, "")
        _ = try open(table, "qa")
        _ = try open(table, "user 1", version: 2)
        let outside = try arms("")
        #expect(outside.map(\.name) == ["candidate", "champion", "version-2"])
        #expect(outside.map { $0.counters.total(.requests) } == [1, 1, 1])
        // Without a routing key there is a request, and no unit.
        #expect(outside.map { $0.units.hashes.count } == [1, 0, 1])
        #expect(try arms("e").allSatisfy { $0.counters.total(.requests) == 0 })
    }

    @Test func `an arm that cannot answer keeps its requests, as fallbacks`() throws {
        let table = try table(epoch: 1, split("e"), refusing: [2])
        ledger.follow(table, now: 0)
        for user in 0..<100 { _ = try open(table, "user \(user)") }
        let candidate = try arms("e")[1]
        #expect(candidate.version == 2 && candidate.counters.total(.requests) > 20)
        #expect(candidate.counters.total(.fallbacks) == candidate.counters.total(.requests))
        #expect(try arms("e")[0].counters.total(.fallbacks) == 0)
    }

    @Test func `one unit has one bad event a minute, of whatever kind`() throws {
        let table = try table(epoch: 1, split("e"))
        let recorder = try open(table, "user 1")
        let other = try open(table, "user 2")
        let series = recorder.series
        for event in ArmSeries.BadEvent.allCases {
            series.count(event, recorder.unit, unixMilliseconds: 5)
            series.count(event, other.unit, unixMilliseconds: 5)
        }
        series.count(.nonFinite, recorder.unit, unixMilliseconds: 60_000)
        let counters = series.counters(now: 0).closed
        #expect(counters.total(.errors) == 2 && counters.total(.nonFinite) == 1 && counters.badEvents == 3)
    }

    @Test func `an experiment that ends is kept for two windows, and one with another salt begins anew`()
        throws
    {
        let first = try table(epoch: 1, split("e"))
        ledger.follow(first, now: 0)
        let recorder = try open(first, "user 1")
        let second = try table(epoch: 2, split("f"), after: first)
        ledger.follow(second, now: 1000)
        #expect(try arms("e", now: 16_999).contains { $0.counters.total(.requests) == 1 })
        #expect(try arms("e", now: 16_999).map(\.weight) == [50, 50])
        let experiments = try #require(ledger.tally(now: 16_999).first).experiments
        #expect(experiments.map(\.experiment) == ["", "e", "f"])
        #expect(experiments.map(\.isRunning) == [true, false, true])
        #expect(try arms("f").allSatisfy { $0.counters.total(.requests) == 0 })
        // The last request of the old one is still counted somewhere, without bringing it back.
        recorder.recordScored(candidates: 1)
        #expect(try #require(ledger.tally(now: 17_000).first).experiments.map(\.experiment) == ["", "f"])
    }

    @Test func `an arm whose version changes begins anew`() throws {
        let first = try table(epoch: 1, split("e"))
        ledger.follow(first, now: 0)
        for user in 0..<50 { _ = try open(first, "user \(user)") }
        ledger.follow(try table(epoch: 2, split("e", candidate: 3), after: first), now: 1)
        let candidates = try arms("e", now: 1).filter { $0.name == "candidate" }
        #expect(candidates.map(\.version) == [3, 2] || candidates.map(\.version) == [2, 3])
        #expect(candidates.first { $0.version == 3 }?.counters == ArmCounters())
    }

    @Test func `however often versions change, few old counters are kept`() throws {
        var current = ServingTable.empty
        for epoch in 1...200 as ClosedRange<UInt64> {
            current = try table(epoch: epoch, split("e \(epoch)"), after: current)
            ledger.follow(current, now: epoch)
            _ = try open(current, "user")
        }
        let experiments = try #require(ledger.tally(now: 200).first).experiments
        let arms = experiments.flatMap(\.arms)
        #expect(arms.count == ExperimentLedger.maximumRetired + 3)
        #expect(experiments.contains { $0.experiment == "e 200" && $0.isRunning })
        #expect(experiments.contains { $0.experiment == "e 199" && !$0.isRunning })
    }

    @Test func `threads that count at once lose nothing`() async throws {
        let table = try table(epoch: 1, split("e"))
        ledger.follow(table, now: 0)
        await withTaskGroup(of: Void.self) { group in
            for thread in 0..<8 {
                group.addTask { [self] in
                    for index in 0..<2000 {
                        (try? open(table, "user \(thread * 1000 + index)"))?.recordScored(candidates: 2)
                    }
                }
            }
        }
        let arms = try arms("e")
        #expect(arms.reduce(0) { $0 + $1.counters.total(.requests) } == 16_000)
        #expect(arms.reduce(0) { $0 + $1.counters.total(.candidates) } == 32_000)
        #expect(arms.reduce(0) { $0 + $1.units.hashes.count } == 9000)
    }

    @Test func `comparisons of shadows add up by versions and segment, and old pairs go`() throws {
        ledger.follow(try table(epoch: 1, nil), now: 0)
        var comparison = ShadowComparison()
        comparison.addFailure()
        let segments = ShadowSegment.segments(history: 3, unknownShare: 0, candidates: 5)
        for version in 2...7 as ClosedRange<UInt64> {
            for _ in 0..<version {
                ledger.shadows.add(
                    comparison, model: "sports", version: version, championVersion: 1, to: segments)
            }
        }
        let shadows = try #require(ledger.tally(now: 0).first).shadows
        #expect(Set(shadows.keys.map(\.version)) == [4, 5, 6, 7] && shadows.count == 16)
        #expect(shadows.allSatisfy { $0.value.failures == Int($0.key.version) })
    }
}
