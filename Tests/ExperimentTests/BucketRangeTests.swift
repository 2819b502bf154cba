import Experiment
import TestSupport
import Testing

@Suite struct BucketRangeTests {
    private func ranges(_ pairs: [(Double, Double)]) -> [BucketRange] {
        pairs.map { BucketRange(start: $0.0, end: $0.1) }
    }

    /// GrowthBook's cases compare after rounding to six digits, as do these.
    private func expect(_ found: [BucketRange], _ pairs: [(Double, Double)]) {
        #expect(found.count == pairs.count)
        for (range, pair) in zip(found, pairs) {
            #expect(abs(range.start - pair.0) < 5e-7 && abs(range.end - pair.1) < 5e-7, "\(range)")
        }
    }

    @Test func `GrowthBook's bucket ranges`() {
        expect(BucketRange.ranges(2, coverage: 0.5), [(0, 0.25), (0.5, 0.75)])
        expect(
            BucketRange.ranges(3, coverage: 0.2, weights: [0.2, 0.3, 0.5]),
            [(0, 0.04), (0.2, 0.26), (0.5, 0.6)])
        expect(BucketRange.ranges(2, coverage: -0.2), [(0, 0), (0.5, 0.5)])
        expect(BucketRange.ranges(2, coverage: 1, weights: [0.4, 0.1]), [(0, 0.5), (0.5, 1)])
        expect(BucketRange.ranges(2, coverage: 1.5), [(0, 0.5), (0.5, 1)])
        expect(BucketRange.ranges(2, coverage: 1, weights: [0.4, 0.1, 0.5]), [(0, 0.5), (0.5, 1)])
        #expect(BucketRange.ranges(0, coverage: 1).isEmpty)
    }

    @Test func `an empty range holds nothing, not even its start`() {
        #expect(!BucketRange.ranges(2, coverage: 0)[0].contains(0))
    }

    @Test func `GrowthBook's choices on reduced ranges`() {
        let reduced = BucketRange.ranges(2, coverage: 0.5)
        #expect(reduced.firstIndex { $0.contains(0.25) } == nil)
        #expect(reduced.firstIndex { $0.contains(0.5) } == 1)
        #expect(reduced.firstIndex { $0.contains(0) } == 0)
        #expect(reduced.firstIndex { $0.contains(0.75) } == nil)
    }

    @Test func `at full coverage ranges meet without a gap, and never overlap below it`() {
        var generator = SplitMix64.printed("ranges")
        for _ in 0..<300 {
            let weights = (0..<Int.random(in: 1...64, using: &generator)).map { _ in
                Int.random(in: 1...1_000_000, using: &generator)
            }
            let total = Double(weights.reduce(0, +))
            let shares = weights.map { Double($0) / total }
            let full = BucketRange.ranges(shares.count, coverage: 1, weights: shares)
            let some = BucketRange.ranges(
                shares.count, coverage: Double.random(in: 0...1, using: &generator), weights: shares)
            for next in full.indices.dropFirst() {
                #expect(full[next - 1].end == full[next].start)
                #expect(some[next - 1].end <= some[next].start)
            }
        }
    }
}
