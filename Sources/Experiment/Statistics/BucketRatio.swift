/// A ratio of two sums, such as clicks over impressions, known by its sums in each hash bucket of the unit.
///
/// Impressions of one user are not independent of each other, so buckets of users, not impressions, are what the variance is
/// taken over: R = ΣY / ΣX, e_b = Y_b - R X_b, Var(R) = s²(e) / (B X̄²), the delta method.
public struct BucketRatio: Sendable, Equatable {
    /// The ratio with its variance.
    public let estimate: Estimate
    /// ΣX.
    public let denominator: Double
    /// ΣY.
    public let numerator: Double
    /// Buckets that hold anything: what a variance needs at least two of.
    public let occupiedBuckets: Int

    /// Nil without a denominator. Precondition: one numerator and one denominator a bucket.
    public init?(numerators: [Double], denominators: [Double]) {
        precondition(numerators.count == denominators.count, "one of each a bucket")
        let sumY = numerators.reduce(0, +)
        let sumX = denominators.reduce(0, +)
        guard sumX > 0 else { return nil }
        numerator = sumY
        denominator = sumX
        occupiedBuckets = zip(numerators, denominators).count { $0 != 0 || $1 != 0 }
        let ratio = sumY / sumX
        let count = Double(numerators.count)
        // The residuals have mean 0 by construction.
        let squares = zip(numerators, denominators).reduce(0) { sum, pair in
            let residual = pair.0 - ratio * pair.1
            return sum + residual * residual
        }
        let variance = occupiedBuckets > 1 ? squares / (count - 1) * count / (sumX * sumX) : nil
        estimate = Estimate(value: ratio, variance: variance)
    }

    /// The relative gain of `candidate` over `champion`, R_B / R_A - 1, arms being independent: by the delta method
    /// Var = (Var_B + (R_B / R_A)² Var_A) / R_A². Nil where the champion's ratio is not positive.
    public static func gain(of candidate: BucketRatio, over champion: BucketRatio) -> Estimate? {
        let base = champion.estimate.value
        guard base > 0 else { return nil }
        let relative = candidate.estimate.value / base
        var variance: Double?
        if let a = champion.estimate.variance, let b = candidate.estimate.variance {
            variance = (b + relative * relative * a) / (base * base)
        }
        return Estimate(value: relative - 1, variance: variance)
    }

    /// R_B - R_A, arms being independent.
    public static func difference(_ candidate: BucketRatio, _ champion: BucketRatio) -> Estimate {
        var variance: Double?
        if let a = champion.estimate.variance, let b = candidate.estimate.variance { variance = a + b }
        return Estimate(value: candidate.estimate.value - champion.estimate.value, variance: variance)
    }
}
