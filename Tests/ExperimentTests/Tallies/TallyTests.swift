import Experiment
import TestSupport
import Testing

/// Counters of replicas, added up.
@Suite struct TallyTests {
    /// A server as far as counting goes: requests of units to two arms, with outcomes, and shadows of them.
    private struct Counting {
        var arms = [ArmCounters(), ArmCounters()]
        var units = [UnitSample(), UnitSample()]
        var open = [0.0, 0.0]
        var shadow = ShadowComparison()
        var feedback = FeedbackCounts()

        /// Amounts are of quarters, whose sums are exact in any order.
        mutating func request(_ unit: String, _ random: inout SplitMix64) {
            let unit = UnitBucket(unit: unit)
            let arm = Int(unit.hash >> 63)
            arms[arm].add(1, to: .requests, bucket: unit.bucket)
            arms[arm].add(Double(random.next() % 8) / 4, to: .revenue, bucket: unit.bucket)
            units[arm].see(unit.hash)
            open[arm] += 1
            let scores = (0..<4).map { _ in Float(random.next() % 16) / 16 }
            shadow.add(
                champion: scores, candidate: scores.reversed(), championSeconds: 0.25, candidateSeconds: 0.5)
            feedback.accepted += 1
        }

        func tally(epoch: UInt64) -> ServerTally {
            ServerTally(
                servers: [
                    ServerTally.Server(
                        epoch: epoch, version: "0.1.0", startUnixMilliseconds: 1, unixMilliseconds: 2,
                        windowMilliseconds: 8000)
                ],
                models: [
                    ModelTally(
                        model: "sports",
                        experiments: [
                            ExperimentTally(
                                experiment: "e", isRunning: true,
                                arms: arms.indices.map { index in
                                    ArmTally(
                                        name: "arm \(index)", version: 1, digest: "", weight: 1,
                                        isControl: index == 0,
                                        counters: arms[index], units: units[index],
                                        open: ArmTally.Open([.clicks: open[index]]))
                                })
                        ],
                        shadows: [
                            ModelTally.ShadowKey(
                                version: 2, championVersion: 1,
                                segment: ShadowSegment(dimension: .all, label: "")): shadow
                        ])
                ], feedback: feedback)
        }
    }

    @Test func `two servers added up are one that saw all`() throws {
        var random = SplitMix64.printed("requests")
        var (one, two, both) = (Counting(), Counting(), Counting())
        for index in 0..<4000 {
            let unit = "user-\(index % 1500)"
            let isOne = random.next() % 2 == 0
            var copy = random
            if isOne { one.request(unit, &copy) } else { two.request(unit, &copy) }
            both.request(unit, &random)
        }
        let sum = one.tally(epoch: 1) + two.tally(epoch: 1)
        let single = both.tally(epoch: 1)
        // What is compared is too long to be told.
        let areEqual =
            sum.models[0].experiments == single.models[0].experiments
            && sum.models == (two.tally(epoch: 1) + one.tally(epoch: 1)).models
        #expect(areEqual)
        #expect(sum.feedback == both.feedback && sum.servers.count == 2)
        let shadow = try #require(sum.models[0].shadows.first?.value.sums)
        let expected = both.shadow.sums
        #expect(
            shadow.bins == expected.bins && shadow.requests == 4000 && shadow.tauCount == expected.tauCount)
        #expect(shadow.candidateSeconds == 2000)
        #expect(abs(shadow.logitSum / expected.logitSum - 1) < 1e-12)
        #expect(abs(shadow.tauSum / expected.tauSum - 1) < 1e-12)
        // The judge hears the same from both.
        let arms = try #require(sum.models.first?.experiments.first?.arms)
        let whole = try #require(both.tally(epoch: 1).models.first?.experiments.first?.arms)
        #expect(
            Judge().verdict(candidate: arms[1].judged, control: arms[0].judged)
                == Judge().verdict(candidate: whole[1].judged, control: whole[0].judged))
    }

    @Test func `arms of other versions, experiments and models stay apart`() {
        func tally(_ model: String, _ experiment: String, _ version: UInt64) -> ServerTally {
            var counters = ArmCounters()
            counters.add(1, to: .requests, bucket: 0)
            return ServerTally(models: [
                ModelTally(
                    model: model,
                    experiments: [
                        ExperimentTally(
                            experiment: experiment, isRunning: false,
                            arms: [
                                ArmTally(
                                    name: "a", version: version, digest: "", weight: 1, isControl: false,
                                    counters: counters, units: UnitSample(), guards: [ArmGuard(.closed)])
                            ])
                    ])
            ])
        }
        let sum =
            tally("m", "e", 1) + tally("m", "e", 2) + tally("m", "f", 1) + tally("a", "e", 1)
            + tally("m", "e", 1)
        #expect(sum.models.map(\.model) == ["a", "m"])
        let experiments = sum.models[1].experiments
        #expect(experiments.map(\.experiment) == ["e", "f"])
        #expect(experiments[0].arms.map(\.version) == [1, 2])
        #expect(experiments[0].arms.map { $0.counters.total(.requests) } == [2, 1])
        #expect(experiments[0].arms[0].guards == [ArmGuard(.closed), ArmGuard(.closed)])
    }
}
