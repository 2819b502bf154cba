internal import Foundation

/// Two limits, between which the true value lies in this share of repetitions.
public struct ConfidenceInterval: Sendable, Equatable {
    /// The lower limit.
    public let lower: Double
    /// The upper limit.
    public let upper: Double
    /// In (0, 1); 0.95 unless asked for otherwise.
    public let confidence: Double

    /// An interval of these limits.
    public init(lower: Double, upper: Double, confidence: Double) {
        self.lower = lower
        self.upper = upper
        self.confidence = confidence
    }

    /// Wilson's score interval of a rate, which stays inside 0...1 and is honest for few or no successes.
    /// Precondition: `count` is positive.
    public static func wilson(successes: Int, count: Int, confidence: Double = 0.95) -> ConfidenceInterval {
        precondition(count > 0 && (0...count).contains(successes), "successes are some of the trials")
        let z = NormalDistribution.criticalValue(confidence: confidence)
        let n = Double(count)
        let rate = Double(successes) / n
        let centre = (rate + z * z / (2 * n)) / (1 + z * z / n)
        let half = z / (1 + z * z / n) * (rate * (1 - rate) / n + z * z / (4 * n * n)).squareRoot()
        return ConfidenceInterval(
            lower: max(0, centre - half), upper: min(1, centre + half), confidence: confidence)
    }

    /// Whether the value lies between the limits, or is one of them.
    public func contains(_ value: Double) -> Bool { lower <= value && value <= upper }
}
