import TestSupport
import Testing

@testable import Experiment

struct ROCCurveTests {
    /// Scores of few values, so that many tie.
    private func samples(_ count: Int, values: Int) throws -> LabelledScores {
        var random = SplitMix64.printed("ROC curve")
        let labels = (0..<count).map { $0 < 2 ? $0 == 0 : Int.random(in: 0..<4, using: &random) == 0 }
        let scores = labels.map {
            Double(Int.random(in: ($0 ? 1 : 0)..<values, using: &random)) / Double(values)
        }
        return try LabelledScores(scores, labels: labels)
    }

    /// Mann-Whitney by its definition: all pairs of a click and another sample, a tie counting one half.
    private func pairs(_ samples: LabelledScores) -> Double {
        var sum = 0.0
        for (a, isClick) in zip(samples.scores, samples.labels) where isClick {
            for (b, isOther) in zip(samples.scores, samples.labels) where !isOther {
                sum += a > b ? 1 : a == b ? 0.5 : 0
            }
        }
        return sum / Double(samples.positives) / Double(samples.negatives)
    }

    @Test(arguments: [2, 3, 17, 5000])
    func `the area by trapezoids is the share of pairs in the right order`(values: Int) throws {
        let samples = try samples(400, values: values)
        let curve = try ROCCurve(samples)
        #expect(abs(curve.area - pairs(samples)) < 1e-12)
        #expect(abs(curve.area - (try AUC(samples).value)) < 1e-12)
        #expect(curve.points.count == Set(samples.scores).count + 1)
    }

    @Test func `both rates rise from 0 to 1, and a thinned curve keeps the ends`() throws {
        let curve = try ROCCurve(samples(3000, values: 100_000))
        let thin = curve.thinned(to: 100)
        #expect(curve.points.count > 2000 && thin.count <= 100 && thin.count > 50)
        for points in [curve.points, thin] {
            #expect(points.first == ROCCurve.Point(falsePositiveRate: 0, truePositiveRate: 0))
            #expect(points.last == ROCCurve.Point(falsePositiveRate: 1, truePositiveRate: 1))
            for (a, b) in zip(points, points.dropFirst()) {
                #expect(
                    a.falsePositiveRate <= b.falsePositiveRate && a.truePositiveRate <= b.truePositiveRate)
            }
        }
    }

    @Test func `one class has no curve`() throws {
        #expect(throws: MetricError.oneClass(positives: 2, negatives: 0)) {
            try ROCCurve(LabelledScores([0.1, 0.2], labels: [true, true]))
        }
    }
}
