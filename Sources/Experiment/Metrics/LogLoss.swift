internal import Foundation

/// The mean cross entropy of probabilities and clicks, in nats, and that figure in proportion to what always saying the
/// mean rate would cost.
///
/// Probabilities are clipped to 1e-7...1 - 1e-7, so that one certain mistake costs 16, not infinity.
public struct LogLoss: Sendable, Equatable {
    /// How near 0 and 1 a probability counts.
    public static let clip = 1e-7

    /// The mean over samples.
    public let estimate: Estimate
    /// Normalized entropy: the loss over the entropy of the mean click rate. Below 1 is better than knowing that rate
    /// alone. Nil where there is one class.
    public let normalizedEntropy: Estimate?
    /// Samples whose probability was clipped.
    public let clippedSamples: Int

    /// Throws for a score outside 0...1. Variances are taken over groups; without them each sample is one.
    public init(_ samples: LabelledScores, groups: SampleGroups? = nil) throws(MetricError) {
        try samples.check(groups)
        try samples.checkProbabilities()
        let groups = groups ?? SampleGroups(Array(0..<samples.count))
        let losses = Self.losses(samples)
        let count = Double(samples.count)
        let mean = losses.reduce(0, +) / count
        estimate = Estimate(
            value: mean, variance: Estimate.variance(ofInfluences: { (losses[$0] - mean) / count }, groups))
        normalizedEntropy = Self.normalized(mean, losses, samples, groups)
        clippedSamples = samples.scores.count { $0 < Self.clip || $0 > 1 - Self.clip }
    }

    /// The paired test of two models on the same samples; a negative difference is the second one's gain.
    public static func comparison(
        _ first: LabelledScores, _ second: LabelledScores, groups: SampleGroups? = nil
    ) throws(MetricError) -> PairedTest {
        try first.checkSameSamples(as: second)
        try first.check(groups)
        try first.checkProbabilities()
        try second.checkProbabilities()
        let differences = zip(losses(first), losses(second)).map { $1 - $0 }
        let count = Double(first.count)
        let mean = differences.reduce(0, +) / count
        let variance = Estimate.variance(
            ofInfluences: { (differences[$0] - mean) / count },
            groups ?? SampleGroups(Array(0..<first.count)))
        return PairedTest(difference: Estimate(value: mean, variance: variance))
    }

    /// The same of normalized entropy, whose divisor both models share; nil where there is one class.
    public static func normalizedComparison(
        _ first: LabelledScores, _ second: LabelledScores, groups: SampleGroups? = nil
    ) throws(MetricError) -> PairedTest? {
        try first.checkSameSamples(as: second)
        try first.check(groups)
        try first.checkProbabilities()
        try second.checkProbabilities()
        let differences = zip(losses(first), losses(second)).map { $1 - $0 }
        let mean = differences.reduce(0, +) / Double(first.count)
        let groups = groups ?? SampleGroups(Array(0..<first.count))
        return normalized(mean, differences, first, groups).map(PairedTest.init(difference:))
    }

    /// The loss of each sample.
    static func losses(_ samples: LabelledScores) -> [Double] {
        zip(samples.scores, samples.labels).map { score, isClick in
            let probability = min(max(score, clip), 1 - clip)
            return isClick ? -log(probability) : -log1p(-probability)
        }
    }

    /// L / H(q) with q the mean rate; an error of q moves H by H'(q) = ln((1 - q) / q).
    private static func normalized(
        _ mean: Double, _ losses: [Double], _ samples: LabelledScores, _ groups: SampleGroups
    ) -> Estimate? {
        guard samples.positives > 0, samples.negatives > 0 else { return nil }
        let count = Double(samples.count)
        let rate = Double(samples.positives) / count
        let entropy = -(rate * log(rate) + (1 - rate) * log1p(-rate))
        let ratio = mean / entropy
        let slope = log((1 - rate) / rate)
        let variance = Estimate.variance(
            ofInfluences: { sample in
                let click = samples.labels[sample] ? 1.0 : 0
                return ((losses[sample] - mean) - ratio * slope * (click - rate)) / (entropy * count)
            }, groups)
        return Estimate(value: ratio, variance: variance)
    }
}
