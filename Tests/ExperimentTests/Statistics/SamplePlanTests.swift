import Experiment
import Foundation
import TestSupport
import Testing

@Suite struct SamplePlanTests {
    /// 5.1 M, 1.3 M, 203 k and 51 k impressions: n = (1.96 + 0.84)² 2 p (1 - p) / (p δ)² at a rate of 3 %.
    @Test func `the plan tells the impressions of the textbook, and units that make them`() {
        let plan = SamplePlan(rate: 0.03, impressionsPerUnit: 10)
        #expect(plan.rows.map(\.difference) == [0.01, 0.02, 0.05, 0.1])
        for (row, expected) in zip(plan.rows, [5_075_000.0, 1_269_000, 203_000, 50_750]) {
            #expect(abs(row.impressions / expected - 1) < 0.002)
            #expect(
                row.units == (row.impressions / 10).rounded(.up) || abs(row.units - row.impressions / 10) <= 1
            )
            #expect(row.impressionsAtAnyLook > row.impressions * 1.5)
        }
    }

    @Test func `a design effect takes that many times the impressions`() {
        let plain = SamplePlan(rate: 0.03, impressionsPerUnit: 10).rows
        let clustered = SamplePlan(rate: 0.03, impressionsPerUnit: 10, designEffect: 3).rows
        for (one, other) in zip(plain, clustered) {
            #expect(abs(other.impressions / one.impressions - 3) < 1e-4)
        }
    }

    /// At the promised count the gain is found with the promised chance: a normal estimate of that variance is drawn, as
    /// the judge would see it.
    @Test
    func `a judge that looks at the promised impressions finds the difference with the promised chance`() {
        let seed = UInt64.random(in: .min ... .max)
        var random = SplitMix64(seed: seed)
        let (rate, difference, runs) = (0.03, 0.1, 4000)
        for sequence in [ConfidenceSequence(alpha: 0.05, tuning: 50_000), ConfidenceSequence(alpha: 0.01)] {
            let count = SampleSize(rate: rate, relativeDifference: difference, sequence: sequence).perArm
            let variance = 2 * (1 - rate) / rate / count
            let found = (0..<runs).count { _ in
                let gain = difference + random.normal() * variance.squareRoot()
                let interval = sequence.interval(of: Estimate(value: gain, variance: variance), count: count)
                return interval.map { !$0.contains(0) } ?? false
            }
            let power = Double(found) / Double(runs)
            #expect(abs(power - 0.8) < 0.025, "seed \(seed)")
        }
    }
}
