import Experiment
import Foundation
import TestSupport
import Testing

/// What a caller may rely on, whatever the samples.
@Suite struct MetricRuleTests {
    @Test func `a score that is not finite is refused with its index`() {
        for bad in [Double.nan, .infinity, -.infinity] {
            #expect(throws: MetricError.nonFiniteScore(index: 2)) {
                try LabelledScores([0.1, 0.2, bad, .nan], labels: [true, false, true, false])
            }
        }
        #expect(throws: MetricError.nonFiniteScore(index: 1)) {
            try LabelledScores([Float(0.1), .nan], labels: [true, false])
        }
    }

    @Test func `what cannot be judged is refused, not answered`() throws {
        #expect(throws: MetricError.noSamples) { try LabelledScores([Double](), labels: []) }
        #expect(throws: MetricError.unequalCounts(scores: 1, others: 2)) {
            try LabelledScores([0.1], labels: [true, false])
        }
        let clicks = try LabelledScores([0.1, 0.2], labels: [true, true])
        #expect(throws: MetricError.oneClass(positives: 2, negatives: 0)) { try AUC(clicks) }
        let single = SampleGroups([1, 2])
        #expect(throws: MetricError.noGroupOfBothClasses(groups: 2)) {
            try GroupedAUC(LabelledScores([0.1, 0.2], labels: [true, false]), groups: single)
        }
        let logits = try LabelledScores([-2, 0.5], labels: [false, true])
        #expect(throws: MetricError.notAProbability(index: 0, score: -2)) { try LogLoss(logits) }
        #expect(throws: MetricError.notAProbability(index: 0, score: -2)) { try Calibration(logits) }
        #expect(throws: MetricError.unequalCounts(scores: 2, others: 3)) {
            try AUC(logits, groups: SampleGroups([1, 2, 3]))
        }
        #expect(throws: MetricError.differentSamples(index: 1)) {
            try AUC.comparison(logits, LabelledScores([-2, 0.5], labels: [false, false]))
        }
    }

    @Test func `ties count one half, in whatever order they come`() throws {
        let scores = [0.5, 0.5, 0.5, 0.5]
        #expect(try AUC(LabelledScores(scores, labels: [true, false, true, false])).value == 0.5)
        #expect(try AUC(LabelledScores(scores, labels: [false, false, true, true])).value == 0.5)
        let mixed = try AUC(LabelledScores([0.2, 0.2, 0.9, 0.1], labels: [true, false, true, false]))
        #expect(mixed.value == 0.875)
    }

    @Test func `the order of the samples changes no metric`() throws {
        var random = SplitMix64.printed("order of samples")
        let count = 500
        let scores = (0..<count).map { _ in (Double.random(in: 0...1, using: &random) * 20).rounded() / 20 }
        let labels = scores.map { Double.random(in: 0...1, using: &random) < $0 }
        let users = (0..<count).map { _ in Int.random(in: 0..<60, using: &random) }
        let evaluation = try Evaluation(
            LabelledScores(scores, labels: labels), groups: SampleGroups(users))
        let order = Array(0..<count).shuffled(using: &random)
        let shuffled = try Evaluation(
            LabelledScores(order.map { scores[$0] }, labels: order.map { labels[$0] }),
            groups: SampleGroups(order.map { users[$0] }))
        #expect(shuffled.auc.value == evaluation.auc.value)
        #expect(shuffled.calibration.bins.map(\.count) == evaluation.calibration.bins.map(\.count))
        #expect(shuffled.calibration.bins.map(\.positives) == evaluation.calibration.bins.map(\.positives))
        #expect(isClose(shuffled.auc.estimate.variance, try #require(evaluation.auc.estimate.variance)))
        #expect(isClose(shuffled.logLoss.estimate.value, evaluation.logLoss.estimate.value))
    }

    @Test func `a perfect order has no interval, rather than one of no width`() throws {
        let auc = try AUC(
            LabelledScores([0.1, 0.2, 0.8, 0.9], labels: [false, false, true, true]))
        #expect(auc.value == 1 && auc.estimate.variance == 0)
        #expect(auc.estimate.interval() == nil)
        let few = try AUC(LabelledScores([0.1, 0.9, 0.4], labels: [false, true, true]))
        #expect(few.estimate.variance == nil && few.estimate.interval() == nil)
    }

    @Test func `a model against itself differs by nothing, with certainty`() throws {
        let samples = try LabelledScores(
            [0.3, 0.6, 0.4, 0.9, 0.1], labels: [true, false, true, true, false])
        let test = try AUC.comparison(samples, samples)
        #expect(test.difference.value == 0 && test.z == 0 && test.pValue == 1)
        let inverse = try LabelledScores([0.1, 0.2, 0.8, 0.9], labels: [true, true, false, false])
        let perfect = try LabelledScores([0.9, 0.8, 0.2, 0.1], labels: inverse.labels)
        let opposite = try AUC.comparison(inverse, perfect)
        #expect(opposite.difference.value == 1 && opposite.z == nil && opposite.pValue == nil)
    }

    @Test func `bins hold equal counts, and one score stays in one bin`() throws {
        let scores = (0..<1000).map { Double($0) / 1000 }
        let labels = (0..<1000).map { $0 % 3 == 0 }
        let even = try Calibration(LabelledScores(scores, labels: labels))
        #expect(even.bins.map(\.count) == [Int](repeating: 50, count: 20))
        let tied = try Calibration(
            LabelledScores(scores.map { $0 < 0.3 ? 0.1 : $0 }, labels: labels))
        #expect(tied.bins[0].count == 300 && tied.bins[0].lowest == 0.1 && tied.bins[0].highest == 0.1)
        #expect(tied.bins.reduce(0) { $0 + $1.count } == 1000)
        let constant = try Calibration(
            LabelledScores([Double](repeating: 0.25, count: 100), labels: (0..<100).map { $0 % 4 == 0 }))
        #expect(constant.bins.count == 1 && constant.expectedError == 0 && constant.ratio?.value == 1)
    }

    @Test func `without a click there is no ratio, and normalized entropy has no answer`() throws {
        let samples = try LabelledScores([0.1, 0.2], labels: [false, false])
        #expect(try Calibration(samples).ratio == nil)
        #expect(try Calibration(samples).bins.allSatisfy { $0.ratio == nil })
        #expect(try LogLoss(samples).normalizedEntropy == nil)
    }

    /// Two equally good models on users whose samples go together: the test that knows the users errs as often as it
    /// says, the plain one far more often. 400 experiments of a 5 % test: 20 ± 13 is three standard errors.
    @Test func `the paired test of clustered samples is wrong as often as it says`() throws {
        var random = SplitMix64.printed("paired test of clustered samples")
        func normal() -> Double {
            (0..<4).reduce(-2) { sum, _ in sum + Double.random(in: 0..<1, using: &random) }
        }
        let users = 60
        let groups = SampleGroups((0..<users * 4).map { $0 / 4 })
        let labels = (0..<users * 4).map { $0 % 2 == 0 }
        func scores() throws -> LabelledScores {
            var scores: [Double] = []
            for _ in 0..<users {
                // A model's error about a user meets all samples of a class alike.
                let errors = [normal(), normal()]
                for sample in 0..<4 {
                    scores.append((sample % 2 == 0 ? 0.3 : 0) + errors[sample % 2] + 0.3 * normal())
                }
            }
            return try LabelledScores(scores, labels: labels)
        }
        var alarms = 0
        var plainAlarms = 0
        for _ in 0..<400 {
            let (one, two) = (try scores(), try scores())
            alarms += try AUC.comparison(one, two, groups: groups).isAlarm ? 1 : 0
            plainAlarms += try AUC.comparison(one, two).isAlarm ? 1 : 0
        }
        #expect((7...33).contains(alarms), "\(alarms) alarms of 400")
        #expect(plainAlarms > 40, "\(plainAlarms) alarms of 400 by a test that takes samples for independent")
    }
}

extension PairedTest {
    fileprivate var isAlarm: Bool { pValue.map { $0 < 0.05 } ?? false }
}
