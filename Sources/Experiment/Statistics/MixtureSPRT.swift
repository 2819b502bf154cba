internal import Foundation

/// The mixture sequential probability ratio test of two rates (Johari et al., arXiv 1512.04922): a p-value that is valid at
/// every look.
public struct MixtureSPRT: Sendable, Equatable {
    /// τ²: the variance of the effects that it is tuned for.
    public let mixtureVariance: Double
    /// The least 1 / Λ so far.
    public private(set) var pValue = 1.0

    /// Precondition: the mixture variance is positive.
    public init(mixtureVariance: Double) {
        precondition(mixtureVariance > 0, "a variance")
        self.mixtureVariance = mixtureVariance
    }

    /// Λ after n impressions an arm with these clicks: √(V / (V + n τ²)) exp(n² τ² d² / (2 V (V + n τ²))),
    /// V = p_a (1 - p_a) + p_b (1 - p_b). 1 while there is no variance to tell from.
    public func likelihoodRatio(count: Int, clicks: Int, otherClicks: Int) -> Double {
        guard count > 0 else { return 1 }
        let n = Double(count)
        let (a, b) = (Double(clicks) / n, Double(otherClicks) / n)
        let variance = a * (1 - a) + b * (1 - b)
        guard variance > 0 else { return 1 }
        let difference = b - a
        let spread = variance + n * mixtureVariance
        let exponent = n * n * mixtureVariance * difference * difference / (2 * variance * spread)
        return (variance / spread).squareRoot() * exp(exponent)
    }

    /// One more look: p_n = min(p_{n-1}, 1 / Λ).
    public mutating func look(count: Int, clicks: Int, otherClicks: Int) {
        pValue = min(pValue, 1 / likelihoodRatio(count: count, clicks: clicks, otherClicks: otherClicks))
    }
}
