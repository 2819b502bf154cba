import TestSupport
import Testing

@testable import Experiment

struct CumulativeLiftTests {
    private func units(_ count: Int, lift: Double) -> (gains: [Double], bases: [Double]) {
        var random = SplitMix64.printed("cumulative lift")
        let bases = (0..<count).map { _ in Double.random(in: 0.5...1.5, using: &random) }
        return (bases.map { $0 * (lift + Double.random(in: -0.5...0.5, using: &random)) }, bases)
    }

    @Test func `each look is the ratio of buckets over the units so far`() throws {
        let (gains, bases) = units(300, lift: 0.1)
        let sequence = ConfidenceSequence(alpha: 0.05, tuning: 300)
        let lift = CumulativeLift(gains: gains, bases: bases, sequence: sequence, looks: 10, first: 50)
        #expect(lift.looks.map(\.units) == [60, 90, 120, 150, 180, 210, 240, 270, 300])
        for look in lift.looks {
            let ratio = try #require(
                BucketRatio(
                    numerators: Array(gains.prefix(look.units)), denominators: Array(bases.prefix(look.units))
                ))
            let interval = try #require(sequence.interval(of: ratio.estimate, count: Double(look.units)))
            #expect(abs(look.lift - ratio.estimate.value) < 1e-12)
            #expect(abs(look.interval.lower - interval.lower) < 1e-9)
            #expect(abs(look.interval.upper - interval.upper) < 1e-9)
        }
    }

    @Test func `the band narrows around the true lift and is wider than a single interval`() throws {
        let (gains, bases) = units(4000, lift: 0.1)
        let lift = CumulativeLift(
            gains: gains, bases: bases, sequence: ConfidenceSequence(alpha: 0.05, tuning: 4000))
        #expect(lift.looks.allSatisfy { $0.interval.contains(0.1) })
        let last = try #require(lift.looks.last)
        let ratio = try #require(BucketRatio(numerators: gains, denominators: bases))
        let single = try #require(ratio.estimate.interval())
        #expect(last.interval.lower < single.lower && last.interval.upper > single.upper)
        let widths = lift.looks.map { $0.interval.upper - $0.interval.lower }
        #expect(widths[0] > 3 * widths[widths.count - 1])
    }

    @Test func `the lift in log loss over all users does not depend on the order of the samples`() throws {
        var random = SplitMix64.printed("lift in log loss")
        let labels = (0..<600).map { _ in Bool.random(using: &random) }
        let first = labels.map { _ in Double.random(in: 0.2...0.8, using: &random) }
        let second = zip(first, labels).map { $0 + ($1 ? 0.1 : -0.1) }
        let users = (0..<600).map { $0 / 3 }
        func lift(_ order: [Int]) throws -> CumulativeLift {
            try CumulativeLift(
                logLossOf: LabelledScores(order.map { first[$0] }, labels: order.map { labels[$0] }),
                LabelledScores(order.map { second[$0] }, labels: order.map { labels[$0] }),
                users: order.map { users[$0] })
        }
        let straight = try lift(Array(0..<600))
        let reversed = try lift(Array((0..<600).reversed()))
        let one = try LogLoss(LabelledScores(first, labels: labels)).estimate.value
        let two = try LogLoss(LabelledScores(second, labels: labels)).estimate.value
        let last = try #require(straight.looks.last)
        #expect(last.units == 200 && abs(last.lift - (one - two) / one) < 1e-12)
        #expect(straight.looks.count == reversed.looks.count && straight.looks.count > 50)
        for (a, b) in zip(straight.looks, reversed.looks) { #expect(abs(a.lift - b.lift) < 1e-12) }
    }

    @Test func `a few units make one look, and one makes none`() {
        let sequence = ConfidenceSequence()
        #expect(
            CumulativeLift(gains: [1, 2, 1], bases: [2, 2, 2], sequence: sequence).looks.map(\.units) == [3])
        #expect(CumulativeLift(gains: [1], bases: [2], sequence: sequence).looks.isEmpty)
        #expect(CumulativeLift(gains: [], bases: [], sequence: sequence).looks.isEmpty)
    }
}
