internal import Foundation

/// A figure computed from a sample, with its variance over samples like it.
public struct Estimate: Sendable, Equatable {
    /// On which scale the figure is nearly normal, so that intervals are symmetric there.
    public enum Scale: String, Sendable, CaseIterable {
        /// As it is: means and differences.
        case plain
        /// ln x: ratios, which are positive.
        case log
        /// ln(x / (1 - x)): areas under a curve, which lie in 0...1.
        case logit
    }

    /// The figure.
    public let value: Double
    /// The variance of the figure itself; nil where there are too few samples to tell.
    public let variance: Double?
    /// The scale of its intervals.
    public let scale: Scale

    /// A figure with its variance.
    public init(value: Double, variance: Double?, scale: Scale = .plain) {
        self.value = value
        self.variance = variance
        self.scale = scale
    }

    /// The root of the variance.
    public var standardError: Double? { variance?.squareRoot() }

    /// The interval of a normal distribution on ``scale``, by the delta method; nil without a variance, and where the
    /// variance is zero at the end of the scale (an area of exactly 1 has no interval, not one of no width).
    public func interval(confidence: Double = 0.95) -> ConfidenceInterval? {
        guard let error = standardError else { return nil }
        let half = error * NormalDistribution.criticalValue(confidence: confidence)
        func between(_ lower: Double, _ upper: Double) -> ConfidenceInterval {
            ConfidenceInterval(lower: lower, upper: upper, confidence: confidence)
        }
        switch scale {
        case .plain: return between(value - half, value + half)
        case .log:
            guard value > 0 else { return nil }
            let factor = exp(half / value)
            return between(value / factor, value * factor)
        case .logit:
            guard value > 0, value < 1 else { return nil }
            let centre = Foundation.log(value / (1 - value))
            let width = half / (value * (1 - value))
            return between(1 / (1 + exp(width - centre)), 1 / (1 + exp(-width - centre)))
        }
    }
}

extension Estimate {
    /// The variance of a figure whose error is the sum of these influences, one a sample, each already divided by the
    /// number of samples: the sum of squares over independent groups, K / (K - 1) Σ_k s_k². Nil for one group.
    ///
    /// For a ratio ΣY / ΣX the influences are (Y - R X) / ΣX and this is the delta method over groups; for a mean of
    /// independent samples it is s² / n.
    static func variance(ofInfluences influences: (Int) -> Double, _ groups: SampleGroups) -> Double? {
        guard groups.count > 1 else { return nil }
        let squares = groups.sums(influences).reduce(0) { $0 + $1 * $1 }
        return squares * Double(groups.count) / Double(groups.count - 1)
    }
}
