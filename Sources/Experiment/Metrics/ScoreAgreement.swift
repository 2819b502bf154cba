internal import Foundation

/// How near two models' probabilities of the same samples are to each other, whatever became of the samples.
public struct ScoreAgreement: Sendable {
    /// How many of the first candidates overlap is counted over.
    public static let overlapDepth = 10

    /// Mean |Δ logit|, over groups; probabilities are clipped to 1e-7 as for the log loss.
    public let meanLogitDistance: Estimate
    /// Mean Δp, second less first.
    public let meanDifference: Estimate
    /// The p99 of |Δp|.
    public let p99Distance: Double
    /// Its interval by order statistics, as if samples were independent.
    public let p99Interval: ConfidenceInterval
    /// The largest |Δp|.
    public let largestDistance: Double
    /// Requests with several candidates: what the following is counted over.
    public let rankedRequests: Int
    /// Mean Kendall τ_b of those where both models tell candidates apart.
    public let meanKendallTau: Estimate?
    /// The share of those whose first candidate is another, with Wilson's interval.
    public let changedTopShare: (value: Double, interval: ConfidenceInterval)?
    /// Mean share of common ones among the first ten, of requests with more candidates than that; nil without any.
    public let meanOverlap: Estimate?

    /// Agreement over samples, and over requests, which are ranges of samples that were candidates beside each other.
    /// Precondition: finite scores of the same samples, a group each, and requests inside them.
    public init?(_ first: [Float], _ second: [Float], groups: SampleGroups, requests: [Range<Int>]) {
        precondition(first.count == second.count && first.count == groups.indices.count, "the same samples")
        guard !first.isEmpty else { return nil }
        let logits = zip(first, second).map { abs(Self.logit($1) - Self.logit($0)) }
        let differences = zip(first, second).map { Double($1) - Double($0) }
        meanLogitDistance = Self.mean(logits, groups)
        meanDifference = Self.mean(differences, groups)
        let sorted = differences.map(abs).sorted()
        let count = Double(sorted.count)
        func ranked(_ rank: Double) -> Double {
            sorted[min(max(Int(rank.rounded(.up)) - 1, 0), sorted.count - 1)]
        }
        let half = NormalDistribution.criticalValue(confidence: 0.95) * (count * 0.99 * 0.01).squareRoot()
        p99Distance = ranked(0.99 * count)
        p99Interval = ConfidenceInterval(
            lower: ranked(0.99 * count - half), upper: ranked(0.99 * count + half), confidence: 0.95)
        largestDistance = sorted[sorted.count - 1]

        var (taus, overlaps, changed, total) = ([Double](), [Double](), 0, 0)
        for request in requests where request.count > 1 {
            guard let agreement = RankAgreement(Array(first[request]), Array(second[request])) else {
                continue
            }
            total += 1
            changed += agreement.hasSameTop ? 0 : 1
            if let tau = agreement.kendallTau { taus.append(tau) }
            if request.count > Self.overlapDepth { overlaps.append(agreement.overlap(at: Self.overlapDepth)) }
        }
        rankedRequests = total
        meanKendallTau = Self.mean(taus)
        meanOverlap = Self.mean(overlaps)
        changedTopShare =
            total > 0
            ? (Double(changed) / Double(total), .wilson(successes: changed, count: total)) : nil
    }

    /// The logit of a probability that is clipped to 1e-7...1 - 1e-7.
    public static func logit(_ probability: Float) -> Double {
        let clipped = min(max(Double(probability), LogLoss.clip), 1 - LogLoss.clip)
        return log(clipped / (1 - clipped))
    }

    /// Nil of nothing.
    private static func mean(_ values: [Double]) -> Estimate? {
        values.isEmpty ? nil : mean(values, SampleGroups(Array(values.indices)))
    }

    private static func mean(_ values: [Double], _ groups: SampleGroups) -> Estimate {
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        return Estimate(
            value: mean, variance: Estimate.variance(ofInfluences: { (values[$0] - mean) / count }, groups))
    }
}
