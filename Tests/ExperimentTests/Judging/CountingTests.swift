import Experiment
import TestSupport
import Testing

@Suite struct CountingTests {
    @Test func `a unit counts once, whatever replica saw it`() {
        var random = SplitMix64.printed("units")
        var (one, two, both) = (UnitSample(), UnitSample(), UnitSample())
        for index in 0..<5000 {
            let hash = random.next()
            if index % 2 == 0 { one.see(hash) }
            if index % 3 == 0 { two.see(hash) }
            if index % 2 == 0 || index % 3 == 0 { both.see(hash) }
        }
        #expect(one.union(two) == both && two.union(one) == both)
        #expect(one.hashes.count == 2500 && one.union(one) == one)
    }

    @Test func `a full sample shrinks, stays within its room, and estimates`() {
        var random = SplitMix64.printed("units")
        var (sample, other) = (UnitSample(capacity: 1000), UnitSample(capacity: 1000))
        let units = (0..<100_000).map { _ in random.next() }
        for unit in units { sample.see(unit) }
        for unit in units.prefix(30_000) { other.see(unit) }
        #expect(sample.hashes.count <= 1000 && sample.hashes.count > 300)
        // The standard error is 1 / √count of the sample.
        #expect(abs(sample.estimatedUnits / 100_000 - 1) < 0.2)
        let merged = sample.union(other)
        #expect(merged == sample)
        let level = max(sample.level, other.level)
        let share = Double(other.count(atLevel: level)) / Double(sample.count(atLevel: level))
        #expect(abs(share - 0.3) < 0.1)
    }

    @Test func `counters of replicas add up bucket by bucket`() {
        var (a, b) = (ArmCounters(), ArmCounters())
        a.add(2, to: .clicks, bucket: 7)
        b.add(3, to: .clicks, bucket: 7)
        b.add(1, to: .impressions, bucket: 1023)
        let sum = a + b
        #expect(sum == b + a && sum[.clicks][7] == 5 && sum.total(.impressions) == 1)
        #expect(sum.total(.requests) == 0 && ArmCounters().ratio(.clicks, per: .impressions) == nil)
    }

    @Test func `a comparison of shadows sums what both scored`() throws {
        var comparison = ShadowComparison()
        comparison.add(
            champion: [0.5, 0.25, 0.125], candidate: [0.25, 0.5, 0.125], championSeconds: 1,
            candidateSeconds: 3)
        #expect(
            comparison.changedTopShare == 1 && comparison.latencyRatio == 3 && comparison.meanOverlap == 1)
        // ln 3 twice: logit 1/2 is 0, logit 1/4 is -ln 3.
        #expect(isClose(comparison.meanLogitDifference, 2 * 1.0986122886681098 / 3))
        #expect(isClose(comparison.meanKendallTau, 1.0 / 3, within: 1e-12))
        let p99 = try #require(comparison.p99Difference)
        #expect(p99 >= 0.25 && p99 <= 0.25 * 1.13)
        comparison.addFailure()
        #expect(comparison.failureShare == 0.5)
        #expect(comparison + ShadowComparison() == comparison)
        #expect((comparison + comparison).requests == 2)
    }

    @Test func `a request belongs to one segment of each kind`() {
        let segments = ShadowSegment.segments(history: 12, unknownShare: 0.05, candidates: 100)
        #expect(
            segments.map(\.description) == ["all", "history 10-49", "unknown under 10 %", "candidates 100+"])
        let short = ShadowSegment.segments(history: 0, unknownShare: 0, candidates: 1)
        #expect(short.map(\.description) == ["all", "history 0", "unknown none", "candidates 1-9"])
    }
}
