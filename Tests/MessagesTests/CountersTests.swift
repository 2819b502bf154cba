import Messages
import Testing

struct CountersTests {
    static let response = CountersResponse(
        models: [
            ModelCounters(
                model: "sports",
                experiments: [
                    ExperimentCounters(
                        experiment: "din-dien", running: true,
                        arms: [candidate, ArmCounters(arm: "control", version: 1)])
                ],
                shadows: [
                    ShadowCounters(
                        version: 3, championVersion: 1, dimension: "history", segment: "10-49", requests: 1,
                        failures: 2, pairs: 3, changedTops: 4, logitSum: 5.5, tauSum: -6.5, tauCount: 7,
                        overlapSum: 8.5, championSeconds: 9.5, candidateSeconds: 10.5, bins: [0, 3, 1 << 63],
                        nonFinite: 1)
                ])
        ], attributionWindowMilliseconds: 3_600_000,
        feedback: FeedbackCounts(accepted: 1, late: 2, early: 3, unmatched: 4, duplicate: 5, invalid: 6),
        registryEpoch: 17, serverVersion: "0.1.0", startUnixMilliseconds: 1_700_000_000_123,
        unixMilliseconds: 1_700_000_000_456)
    static let candidate = ArmCounters(
        arm: "candidate", version: 2, digest: "sha256:00", weight: 50, control: true,
        sums: BucketSums(
            requests: [1, 0, 2.5], candidates: [2], impressions: [3], clicks: [4], conversions: [5],
            predictedClicks: [6], logLoss: [7], revenue: [8], cost: [9], errors: [10], overBudget: [11],
            fallbacks: [12], nonFinite: [13]),
        units: UnitSample(level: 3, capacity: 16384, hashes: [8, .max - 7]),
        open: OpenOutcomes(
            impressions: 1, clicks: 2, conversions: 3, predictedClicks: 4, logLoss: 5, revenue: 6, cost: 7),
        armGuard: ArmGuard(
            state: .open, reason: "5 faults in 100", sinceUnixMilliseconds: 1_700_000_000_123),
        scores: ScoreHistogram(places: [5, 131_071], counts: [300, -2]))

    @Test func `the bytes are those of Google's implementation, both ways`() throws {
        let google = bytes(GoogleVectors.countersResponse)
        #expect(try CountersResponse.decoded(google) == Self.response)
        #expect(Self.response.serialized() == google)
        let request = bytes(GoogleVectors.countersRequest)
        #expect(try CountersRequest.decoded(request) == CountersRequest(model: "sports"))
        #expect(CountersRequest(model: "sports").serialized() == request)
    }

    @Test func `every bit of a sum survives`() throws {
        let sums: [Double] = [-0.0, .nan, .infinity, .leastNonzeroMagnitude, 0.1 + 0.2, .pi]
        let back = try BucketSums.decoded(BucketSums(revenue: sums).serialized())
        #expect(back.revenue.map(\.bitPattern) == sums.map(\.bitPattern))
    }

    @Test(arguments: GuardState.allCases) func `every state of a guard survives`(state: GuardState) throws {
        #expect(try ArmGuard.decoded(ArmGuard(state: state).serialized()) == ArmGuard(state: state))
    }

    @Test func `a state that is newer than this code is unspecified`() throws {
        #expect(try ArmGuard.decoded(bytes("0863")).state == .unspecified)
    }
}
