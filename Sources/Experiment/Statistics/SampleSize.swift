internal import Foundation

/// How many impressions an arm needs before a difference of rates can be told.
public struct SampleSize: Sendable, Equatable {
    /// Impressions an arm, as if they were independent.
    public let perArm: Double
    /// The two-sided level.
    public let alpha: Double
    /// The chance that a difference of that size is found.
    public let power: Double

    /// n = (z_{1 - α/2} + z_power)² 2 p (1 - p) / (p δ)² for a rate p and a relative difference δ, times the design effect
    /// of impressions that come in clusters of users.
    /// Precondition: rate, alpha and power lie in (0, 1), the difference is not zero.
    public init(
        rate: Double, relativeDifference: Double, alpha: Double = 0.05, power: Double = 0.8,
        designEffect: Double = 1
    ) {
        precondition(rate > 0 && rate < 1 && relativeDifference != 0, "a rate and a difference")
        precondition(power > 0 && power < 1 && designEffect >= 1, "a power and a design effect")
        let level = NormalDistribution.criticalValue(confidence: 1 - alpha)
        let found = NormalDistribution.quantile(power)
        let difference = rate * relativeDifference
        let z = level + found
        perArm = z * z * 2 * rate * (1 - rate) / (difference * difference) * designEffect
        self.alpha = alpha
        self.power = power
    }

    /// The same for whoever looks all the time: the impressions at which the confidence sequence of the relative gain
    /// leaves 0 out with a chance of `power`, at this look alone; it may have done so before. The n that solves
    /// h(n) √n + z_power = δ / √(2 (1 - p) / (p n)), where h is ``ConfidenceSequence/halfWidth(count:)``.
    /// Precondition: as above.
    public init(
        rate: Double, relativeDifference: Double, sequence: ConfidenceSequence, power: Double = 0.8,
        designEffect: Double = 1
    ) {
        precondition(rate > 0 && rate < 1 && relativeDifference != 0, "a rate and a difference")
        precondition(power > 0 && power < 1 && designEffect >= 1, "a power and a design effect")
        let found = NormalDistribution.quantile(power)
        let deviation = (2 * (1 - rate) / rate * designEffect).squareRoot()
        // The left side less the right one falls as n grows.
        var (low, high) = (0.0, 60.0)
        for _ in 0..<80 {
            let middle = (low + high) / 2
            let count = exp(middle)
            let needed = (sequence.halfWidth(count: count) + found / count.squareRoot()) * deviation
            if needed > abs(relativeDifference) { low = middle } else { high = middle }
        }
        perArm = exp(high)
        alpha = sequence.alpha
        self.power = power
    }
}
