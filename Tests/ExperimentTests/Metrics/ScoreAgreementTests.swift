import TestSupport
import Testing

@testable import Experiment

struct ScoreAgreementTests {
    /// logit 0.8 = ln 4, logit 0.5 = 0, logit 0.2 = -ln 4.
    @Test func `distances of logits and probabilities are means over samples`() throws {
        let agreement = try #require(
            ScoreAgreement(
                [0.5, 0.5, 0.2, 0.8], [0.8, 0.5, 0.8, 0.2], groups: SampleGroups([0, 1, 2, 3]),
                requests: [0..<1, 1..<2, 2..<4]))
        let ln4 = 1.3862943611198906
        #expect(abs(agreement.meanLogitDistance.value - (ln4 + 2 * ln4 + 2 * ln4) / 4) < 1e-6)
        #expect(abs(agreement.meanDifference.value - 0.3 / 4) < 1e-6)
        #expect(abs(agreement.largestDistance - 0.6) < 1e-6)
        #expect(agreement.rankedRequests == 1)
        #expect(agreement.meanKendallTau?.value == -1)
        #expect(agreement.changedTopShare?.value == 1)
        #expect(agreement.meanOverlap == nil)
    }

    @Test func `equal scores agree entirely`() throws {
        var random = SplitMix64.printed("score agreement")
        let scores = (0..<120).map { _ in Float.random(in: 0...1, using: &random) }
        let agreement = try #require(
            ScoreAgreement(
                scores, scores, groups: SampleGroups((0..<120).map { $0 / 12 }),
                requests: (0..<10).map { $0 * 12..<($0 + 1) * 12 }))
        #expect(agreement.meanLogitDistance == Estimate(value: 0, variance: 0))
        #expect(agreement.largestDistance == 0 && agreement.p99Distance == 0)
        #expect(agreement.meanKendallTau?.value == 1 && agreement.meanOverlap?.value == 1)
        #expect(agreement.changedTopShare?.value == 0)
    }

    @Test func `the p99 is the value that one in a hundred exceeds, inside its interval`() throws {
        let first = [Float](repeating: 0, count: 1000)
        let second = (1...1000).map { Float($0) / 1000 }.reversed().map(\.self)
        let agreement = try #require(
            ScoreAgreement(first, second, groups: SampleGroups(Array(0..<1000)), requests: []))
        #expect(abs(agreement.p99Distance - 0.99) < 1e-6)
        #expect(agreement.p99Interval.contains(agreement.p99Distance))
        // 1.96 √(1000 · 0.99 · 0.01) = 6.2 ranks to each side.
        #expect(abs(agreement.p99Interval.lower - 0.984) < 1e-6)
        #expect(abs(agreement.p99Interval.upper - 0.997) < 1e-6)
    }

    @Test func `without samples there is nothing to agree upon`() {
        #expect(ScoreAgreement([], [], groups: SampleGroups([Int]()), requests: []) == nil)
    }
}
