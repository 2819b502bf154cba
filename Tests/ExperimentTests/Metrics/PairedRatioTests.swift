import TestSupport
import Testing

@testable import Experiment

/// The paired tests of normalized entropy and of PCOC.
struct PairedRatioTests {
    private func pair() throws -> (LabelledScores, LabelledScores, SampleGroups) {
        var random = SplitMix64.printed("paired ratios")
        let labels = (0..<900).map { $0 < 2 ? $0 == 0 : Int.random(in: 0..<5, using: &random) == 0 }
        let first = labels.map { ($0 ? 0.3 : 0.15) + Double.random(in: -0.1...0.1, using: &random) }
        let second = first.map { $0 * 1.1 + Double.random(in: -0.02...0.02, using: &random) }
        return (
            try LabelledScores(first, labels: labels), try LabelledScores(second, labels: labels),
            SampleGroups((0..<900).map { $0 / 3 })
        )
    }

    @Test func `differences are those of the figures`() throws {
        let (first, second, groups) = try pair()
        let test = try EvaluationComparison(first, second, groups: groups)
        let (one, two) = (try Evaluation(first, groups: groups), try Evaluation(second, groups: groups))
        let entropy = try #require(test.normalizedEntropy?.difference.value)
        let pcoc = try #require(test.calibration?.difference.value)
        for (found, a, b) in [
            (entropy, one.logLoss.normalizedEntropy, two.logLoss.normalizedEntropy),
            (pcoc, one.calibration.ratio, two.calibration.ratio),
        ] { #expect(abs(found - (try #require(b).value - (try #require(a).value))) < 1e-12) }
    }

    /// Leaving one user out at a time: the jackknife's variance, (K - 1) / K Σ (θ_k - θ̄)².
    @Test func `variances are near those of the jackknife over users`() throws {
        let (first, second, groups) = try pair()
        func part(_ scores: LabelledScores, without user: Int) throws -> LabelledScores {
            let kept = scores.scores.indices.filter { groups.indices[$0] != user }
            return try LabelledScores(kept.map { scores.scores[$0] }, labels: kept.map { scores.labels[$0] })
        }
        var entropies: [Double] = []
        var ratios: [Double] = []
        for user in 0..<groups.count {
            let (one, two) = (try part(first, without: user), try part(second, without: user))
            entropies.append(try #require(try LogLoss.normalizedComparison(one, two)).difference.value)
            ratios.append(try #require(try Calibration.comparison(one, two)).difference.value)
        }
        let test = try EvaluationComparison(first, second, groups: groups)
        for (found, parts) in [(test.normalizedEntropy, entropies), (test.calibration, ratios)] {
            let count = Double(parts.count)
            let mean = parts.reduce(0, +) / count
            let jackknife = parts.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } * (count - 1) / count
            let variance = try #require(found?.difference.variance)
            #expect(abs(variance / jackknife - 1) < 0.05, "\(variance) beside \(jackknife)")
        }
    }
}
