import Experiment
import ExperimentMessages
import Messages
import TestSupport
import Testing

/// What servers counted, as it travels.
@Suite struct CountersMessageTests {
    static let server = ServerTally.Server(
        epoch: 17, version: "0.1.0", startUnixMilliseconds: 1, unixMilliseconds: 2,
        windowMilliseconds: 3_600_000)

    /// Everything filled, from these random numbers.
    static func model(_ random: inout SplitMix64) -> ModelTally {
        ModelTally(
            model: "sports",
            experiments: ["", "din-dien"].map { experiment in
                ExperimentTally(
                    experiment: experiment, isRunning: true,
                    arms: ["control", "candidate"].map { arm($0, &random) })
            },
            shadows: [
                ModelTally.ShadowKey(
                    version: 2, championVersion: 1,
                    segment: ShadowSegment.segments(history: 12, unknownShare: 0, candidates: 3)[1]): shadow(
                        &random)
            ])
    }

    private static func arm(_ name: String, _ random: inout SplitMix64) -> ArmTally {
        var counters = Experiment.ArmCounters()
        for quantity in Experiment.ArmCounters.Quantity.allCases where quantity != .cost {
            for _ in 0..<20 {
                counters.add(
                    Double.random(in: -1...1, using: &random), to: quantity,
                    bucket: Int.random(in: 0..<1024, using: &random))
            }
        }
        var units = Experiment.UnitSample()
        for _ in 0..<20_000 { units.see(random.next()) }
        return ArmTally(
            name: name, version: 2, digest: "sha256:00", weight: 50, isControl: name == "control",
            counters: counters, units: units, open: ArmTally.Open([.impressions: 3, .logLoss: 0.1]),
            guards: [
                ArmGuard(.probing, reason: "5 faults in 100", sinceUnixMilliseconds: 1_700_000_000_123)
            ])
    }

    private static func shadow(_ random: inout SplitMix64) -> ShadowComparison {
        var comparison = ShadowComparison()
        for _ in 0..<50 {
            let scores = (0..<6).map { _ in Float.random(in: 0...1, using: &random) }
            comparison.add(
                champion: Array(scores[..<3]), candidate: Array(scores[3...]), championSeconds: 0.001,
                candidateSeconds: 0.002)
        }
        comparison.addFailure()
        return comparison
    }

    @Test func `counters arrive as they were sent, to the last bit`() throws {
        var random = SplitMix64.printed("counters")
        let model = Self.model(&random)
        let counts = Experiment.FeedbackCounts(
            accepted: 1, late: 2, early: 3, unmatched: 4, duplicate: 5, invalid: 6)
        let bytes = CountersResponse(Self.server, [model], counts).serialized()
        let back = try ServerTally(CountersResponse(serialized: bytes))
        // What is compared is too long to be told.
        let isEqual = back == ServerTally(servers: [Self.server], models: [model], feedback: counts)
        #expect(isEqual)
    }

    @Test func `arms that did nothing are short`() {
        let idle = ModelTally(
            model: "sports",
            experiments: [
                ExperimentTally(
                    experiment: "e", isRunning: true,
                    arms: [
                        ArmTally(
                            name: "a", version: 1, digest: "", weight: 1, isControl: false,
                            counters: Experiment.ArmCounters(), units: Experiment.UnitSample())
                    ])
            ])
        #expect(CountersResponse(Self.server, [idle], Experiment.FeedbackCounts()).serialized().count < 100)
    }

    private static let faults: [(String, @Sendable (inout CountersResponse) -> Void)] = [
        ("a sum that is not finite", { $0.models[0].experiments[0].arms[0].sums.clicks[5] = .nan }),
        ("a bucket too many", { $0.models[0].experiments[0].arms[0].sums.requests.append(0) }),
        ("buckets that are missing", { $0.models[0].experiments[0].arms[0].sums.errors.removeLast(1000) }),
        ("units beyond the room", { $0.models[0].experiments[0].arms[0].units.capacity = 10 }),
        ("no room at all", { $0.models[0].experiments[0].arms[0].units.capacity = 0 }),
        ("room that nobody has", { $0.models[0].experiments[0].arms[0].units.capacity = .max }),
        ("a level beyond a hash", { $0.models[0].experiments[0].arms[0].units.level = 65 }),
        ("units outside the level", { $0.models[0].experiments[0].arms[0].units.hashes[0] |= 1 }),
        (
            "open outcomes that are not finite",
            { $0.models[0].experiments[0].arms[0].open.revenue = .infinity }
        ),
        ("a bin too few", { $0.models[0].shadows[0].bins.removeLast() }),
        ("pairs in no bin", { $0.models[0].shadows[0].pairs += 1 }),
        ("more changed tops than requests", { $0.models[0].shadows[0].changedTops = 51 }),
        ("a mean of τ beyond 1", { $0.models[0].shadows[0].tauSum = 51 }),
        ("a count beyond a number", { $0.models[0].shadows[0].requests = .max }),
        ("a bin beyond a number", { $0.models[0].shadows[0].bins[0] = .max }),
        ("time that went backwards", { $0.models[0].shadows[0].candidateSeconds = -1 }),
        ("a segment of no dimension", { $0.models[0].shadows[0].dimension = "weather" }),
    ]

    @Test(arguments: faults.indices) func `what cannot have been counted is refused`(index: Int) throws {
        var random = SplitMix64.printed("counters")
        var response = CountersResponse(Self.server, [Self.model(&random)], Experiment.FeedbackCounts())
        let (what, damage) = Self.faults[index]
        damage(&response)
        let error = #expect(throws: TallyError.self, "\(what)") { try ServerTally(response) }
        #expect(error?.description.contains("sports") == true)
    }
}
