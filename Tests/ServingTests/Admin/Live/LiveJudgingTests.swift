import Experiment
import ModelRegistry
import Testing

@testable import Serving

@Suite struct LiveJudgingTests {
    private func table(salt: String = "2026-11", candidate: UInt64 = 2, control: String? = "control") throws
        -> ServingTable
    {
        let split = RegisteredSplit(
            salt: salt, unit: "user_id",
            arms: [
                RegisteredSplit.Arm(name: "candidate", target: .version(candidate)),
                RegisteredSplit.Arm(name: "control", target: .alias("champion")),
            ], coverage: 10_000, control: control)
        return try Fixture.advance(
            .empty, to: Fixture.state(epoch: 1, aliases: ["champion": 1], split: split))
    }

    /// Both arms with so many impressions, a tenth of them clicked, the candidate's more often by `gain`.
    private func tally(
        impressions: Int, gain: Double = 0, salt: String = "2026-11", candidate: UInt64 = 2
    ) -> ModelTally {
        func arm(_ name: String, _ version: UInt64, rate: Double, isControl: Bool) -> ArmTally {
            var counters = ArmCounters()
            var units = UnitSample()
            for bucket in 0..<1024 {
                let share = Double(impressions) / 1024
                let wave = 1 + 0.2 * Double(bucket % 5 - 2)
                counters.add(share, to: .requests, bucket: bucket)
                counters.add(share, to: .impressions, bucket: bucket)
                counters.add(share * rate * wave, to: .clicks, bucket: bucket)
                counters.add(share * rate, to: .predictedClicks, bucket: bucket)
                counters.add(share * 0.3 * wave, to: .logLoss, bucket: bucket)
            }
            for unit in 0..<UInt64(impressions / 4) { units.see((unit &+ version) &* 0x9E37_79B9_7F4A_7C15) }
            return ArmTally(
                name: name, version: version, digest: "", weight: 1, isControl: isControl, counters: counters,
                units: units)
        }
        return ModelTally(
            model: "sports",
            experiments: [
                ExperimentTally(
                    experiment: salt, isRunning: true,
                    arms: [
                        arm("candidate", candidate, rate: 0.1 * (1 + gain), isControl: false),
                        arm("control", 1, rate: 0.1, isControl: true),
                    ])
            ])
    }

    private func split(_ table: ServingTable) throws -> ServedSplit {
        try #require(table.models["sports"]?.split)
    }

    @Test func `the verdict is the judge's, with every check and its reason`() throws {
        let table = try table()
        let judging = LiveJudging()
        let few = try #require(judging.judgements(of: split(table), tally(impressions: 100)).first)
        #expect(few.arm == "candidate" && few.decision == "INSUFFICIENT")
        #expect(few.obstacles.contains { $0.name == "data" && $0.reason.contains("of 5000") })
        let many = try #require(
            judging.judgements(of: split(table), tally(impressions: 4_000_000, gain: 0.1)).first)
        let clicks = try #require(many.checks.first { $0.name == "click-through rate" })
        #expect(clicks.decision == "PASS" && abs((clicks.value ?? 0) - 0.1) < 1e-9)
        #expect((clicks.lower ?? 0) < 0.1 && (clicks.upper ?? 0) > 0.1)
    }

    @Test func `looks are taken as time goes by, and begin anew with another version or experiment`() throws {
        var judging = LiveJudging()
        let table = try table()
        for second in 0..<60 where judging.isDue(at: Double(second)) {
            judging.look(at: Double(second), table, [tally(impressions: 1000 + 1000 * second)])
        }
        func seconds(_ table: ServingTable, _ tally: ModelTally) throws -> [Double] {
            let looks = try #require(judging.judgements(of: split(table), tally).first).looks
            return looks.filter { $0.check == "click-through rate" }.map(\.seconds)
        }
        #expect(try seconds(table, tally(impressions: 9000)) == stride(from: 0, to: 60, by: 5).map { $0 })
        let other = try self.table(candidate: 3)
        let otherTally = tally(impressions: 9000, candidate: 3)
        #expect(try seconds(other, otherTally).isEmpty)
        judging.look(at: 100, other, [otherTally])
        #expect(try seconds(other, otherTally) == [0])
        #expect(try seconds(table, tally(impressions: 9000)).isEmpty)
        judging.look(at: 200, .empty, [otherTally])
        #expect(try seconds(other, otherTally).isEmpty)
    }

    @Test func `nothing is judged without a control, or without counts`() throws {
        let judging = LiveJudging()
        #expect(judging.judgements(of: try split(table(control: nil)), tally(impressions: 9000)).isEmpty)
        let nothing = ModelTally(model: "sports", experiments: [])
        #expect(judging.judgements(of: try split(table()), nothing).isEmpty)
    }

    @Test func `a year of looks is a few hundred, over all of it`() {
        var looks = LiveLooks(at: 1000)
        let verdict = Verdict(checks: [
            Verdict.Check(
                name: "log loss", decision: .hold, value: 0.1, lower: -0.1, upper: 0.3, reason: ""),
            Verdict.Check(name: "guard", decision: .pass, value: 1, lower: nil, upper: 4, reason: ""),
        ])
        var seconds = 1000.0
        while seconds < 31_536_000 {
            looks.look(at: seconds, verdict)
            seconds += looks.period
        }
        #expect((LiveLooks.capacity / 2...LiveLooks.capacity).contains(looks.looks.count))
        #expect(looks.looks[0].seconds == 0 && (looks.looks.last?.seconds ?? 0) > 31_000_000)
        let gaps = zip(looks.looks, looks.looks.dropFirst()).map { $1.seconds - $0.seconds }
        #expect((gaps.max() ?? 0) <= looks.period && (gaps.min() ?? 0) >= looks.period / 2)
        #expect(looks.looks.allSatisfy { $0.checks.keys.sorted() == ["log loss"] })
    }

    @Test func `a look at intervals that are none is not kept`() {
        var looks = LiveLooks(at: 0)
        looks.look(
            at: 0,
            Verdict(checks: [
                Verdict.Check(
                    name: "log loss", decision: .hold, value: 0.1, lower: -.infinity, upper: .infinity,
                    reason: "")
            ]))
        #expect(looks.looks.isEmpty && looks.isDue(at: 0))
    }
}
