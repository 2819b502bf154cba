import Foundation
import TestSupport
import Testing

@testable import Experiment

@Suite struct ScoreHistogramTests {
    private func histogram(_ scores: [Double], _ labels: [Bool], _ buckets: [Int]) -> ScoreHistogram {
        var histogram = ScoreHistogram()
        for ((score, label), bucket) in zip(zip(scores, labels), buckets) {
            histogram.addImpression(score, bucket: bucket)
            if label { histogram.addClick(score, bucket: bucket) }
        }
        return histogram
    }

    @Test(arguments: MetricVectorTests.cases)
    func `the area and its variance are scikit-learn's of binned scores, and near that of the scores`(
        vectors: MetricVectors.Case
    ) throws {
        for (scores, expected) in zip(vectors.scores, vectors.models) {
            let histogram = histogram(scores, vectors.labels.map { $0 == 1 }, vectors.users)
            let area = try #require(histogram.auc)
            #expect(abs(area.value - expected.histogram.auc) < 1e-12)
            #expect(abs(try #require(area.variance) - expected.histogram.variance) < 1e-12)
            #expect(histogram.occupiedGroups == expected.histogram.groups)
            #expect(abs(area.value - expected.auc) < 0.003)
            // Obuchowski's variance over users estimates the same.
            let ratio = try #require(area.variance) / expected.clusteredVariance
            #expect(ratio > 0.7 && ratio < 1.5, "\(vectors.name): \(ratio)")
        }
    }

    @Test func `replicas add up to one server, whoever was told of a click`() {
        var random = SplitMix64.printed("replicas", seed: 21)
        var whole = ScoreHistogram()
        var parts = [ScoreHistogram(), ScoreHistogram(), ScoreHistogram()]
        for _ in 0..<5000 {
            let score = Double.random(in: 0...1, using: &random)
            let bucket = Int.random(in: 0..<1024, using: &random)
            whole.addImpression(score, bucket: bucket)
            parts[.random(in: 0..<3, using: &random)].addImpression(score, bucket: bucket)
            guard Double.random(in: 0...1, using: &random) < score else { continue }
            whole.addClick(score, bucket: bucket)
            parts[.random(in: 0..<3, using: &random)].addClick(score, bucket: bucket)
        }
        #expect(parts[0] + parts[1] + parts[2] == whole)
        #expect(parts[2] + parts[0] + parts[1] == whole)
        // One replica alone lacks what the others were told.
        #expect(parts[0].auc == nil)
        #expect(whole.auc != nil)
    }

    @Test func `what is stored is read back, and what cannot be is refused`() throws {
        let histogram = histogram(
            [0.5, 0.25, 0, 1, 0.5], [true, false, true, false, false], [1, 2, 3, 1023, 1])
        let bytes = try JSONEncoder().encode(histogram)
        #expect(try JSONDecoder().decode(ScoreHistogram.self, from: bytes) == histogram)
        let (places, counts) = histogram.sparse
        #expect(ScoreHistogram(places: places, counts: counts) == histogram)
        #expect(ScoreHistogram(places: [], counts: []) == ScoreHistogram())
        for (places, counts) in [
            ([3, 3], [1, 1]), ([4, 3], [1, 1]), ([-1], [1]), ([ScoreHistogram.placeCount], [1]), ([1], [0]),
            ([1], []),
            ([1], [ScoreHistogram.largestCount + 1]), ([1], [.min + 1]),
        ] { #expect(ScoreHistogram(places: places, counts: counts) == nil) }
    }

    @Test func `counts are held at their bound`() throws {
        let full = try #require(ScoreHistogram(places: [5], counts: [ScoreHistogram.largestCount]))
        #expect(full + full == full)
    }

    @Test func `without both classes there is no area, with one group no variance`() throws {
        #expect(ScoreHistogram().auc == nil)
        #expect(histogram([0.1, 0.9], [false, false], [1, 2]).auc == nil)
        let one = try #require(histogram([0.1, 0.9], [false, true], [7, 7]).auc)
        #expect(one.value == 1 && one.variance == nil)
    }

    @Test func `the ends of the scale fall into the outer bins and order right`() throws {
        #expect(ScoreHistogram.bin(0) == 0)
        #expect(ScoreHistogram.bin(1) == ScoreHistogram.binCount - 1)
        #expect(ScoreHistogram.bin(0.5) == ScoreHistogram.binCount / 2)
        let probabilities = (0...1000).map { Double($0) / 1000 }
        let bins = probabilities.map(ScoreHistogram.bin)
        #expect(bins == bins.sorted())
    }

    /// Users of two candidates each, whose taste moves both scores together, in two arms that are alike.
    @Test
    func `an interval of the difference of two arms that are alike holds nothing nineteen times in twenty`()
        throws
    {
        var random = SplitMix64.printed("alike", seed: 22)
        let runs = 150
        var misses = 0
        for _ in 0..<runs {
            let arms = (0..<2).map { _ in arm(users: 400, &random) }
            let (a, b) = (try #require(arms[0].auc), try #require(arms[1].auc))
            let variance = try #require(a.variance) + #require(b.variance)
            let interval = try #require(Estimate(value: b.value - a.value, variance: variance).interval())
            misses += interval.contains(0) ? 0 : 1
        }
        // 7.5 are expected; more than 16, or none, are rarer than one in a thousand.
        #expect((1...16).contains(misses), "\(misses) of \(runs)")
    }

    private func arm(users: Int, _ random: inout SplitMix64) -> ScoreHistogram {
        var histogram = ScoreHistogram()
        for _ in 0..<users {
            let bucket = Int.random(in: 0..<1024, using: &random)
            let taste = Double.random(in: -2...2, using: &random)
            for _ in 0..<2 {
                let logit = taste + Double.random(in: -1...1, using: &random)
                let score = 1 / (1 + exp(-logit))
                histogram.addImpression(score, bucket: bucket)
                if Double.random(in: 0...1, using: &random) < score {
                    histogram.addClick(score, bucket: bucket)
                }
            }
        }
        return histogram
    }
}
