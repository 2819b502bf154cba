internal import Foundation

/// An interval that holds at every look at once: it may be read as often as one likes, and acted on at any time.
///
/// The asymptotic confidence sequence of Waudby-Smith et al. (arXiv 2103.06476), two-sided, with its mixture tuned to be
/// tightest at `tuning` observations: ρ = √((-2 ln α + ln(-2 ln α + 1)) / N*), half-width
/// σ √N √(2 (N ρ² + 1) / (N ρ)² ln(√(N ρ² + 1) / α)) of a mean of N observations of standard deviation σ.
public struct ConfidenceSequence: Sendable, Equatable {
    /// The chance, at most, that the sequence ever misses the true value.
    public let alpha: Double
    /// N*: the sample at which one means to decide.
    public let tuning: Double

    /// Precondition: alpha lies in (0, 1), tuning is positive.
    public init(alpha: Double = 0.05, tuning: Double = 5000) {
        precondition(alpha > 0 && alpha < 1 && tuning > 0, "a level and a sample size")
        self.alpha = alpha
        self.tuning = tuning
    }

    /// ρ.
    public var mixture: Double {
        let term = -2 * log(alpha)
        return ((term + log(term + 1)) / tuning).squareRoot()
    }

    /// The half-width in units of σ, of the mean of `count` observations; infinite before the first.
    public func halfWidth(count: Double) -> Double {
        guard count > 0 else { return .infinity }
        let squared = count * mixture * mixture
        let inside = 2 * (squared + 1) / (squared * count) * log((squared + 1).squareRoot() / alpha)
        return inside.squareRoot()
    }

    /// The interval around an estimate whose variance is that of `count` observations, σ² / count.
    /// Nil without a variance.
    public func interval(of estimate: Estimate, count: Double) -> ConfidenceInterval? {
        guard let error = estimate.standardError, count > 0 else { return nil }
        let half = halfWidth(count: count) * error * count.squareRoot()
        return ConfidenceInterval(
            lower: estimate.value - half, upper: estimate.value + half, confidence: 1 - alpha)
    }
}
