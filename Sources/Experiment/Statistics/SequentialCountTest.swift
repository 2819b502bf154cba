internal import Foundation

/// Whether events fall on the arms as the traffic does: exact, and valid at every look (Lindon and Malek,
/// arXiv 2011.03567). Over bad events it is the fast guard, over first-seen units the sequential test of the sample ratio.
///
/// ln E = ln Γ(A) - ln Γ(A + N) + Σ (ln Γ(a_i + n_i) - ln Γ(a_i)) - Σ n_i ln θ_i with a_i = 1; under the null E is a
/// martingale of mean 1, so that it ever reaches 1 / α with a chance of at most α.
public struct SequentialCountTest: Sendable, Equatable {
    /// θ: the share of the traffic that each arm gets; they sum to 1.
    public let shares: [Double]
    /// The chance, at most, of an alarm without cause.
    public let alpha: Double

    /// Nil unless there are two shares or more, all positive, whose sum is 1 as far as doubles go.
    public init?(shares: [Double], alpha: Double = 0.01) {
        guard shares.count > 1, shares.allSatisfy({ $0 > 0 && $0.isFinite }), alpha > 0, alpha < 1,
            abs(shares.reduce(0, +) - 1) < 1e-9
        else { return nil }
        self.shares = shares
        self.alpha = alpha
    }

    /// ln E of these counts of events. Precondition: one count an arm, none negative.
    public func logEvidence(_ counts: [Int]) -> Double {
        precondition(counts.count == shares.count && counts.allSatisfy { $0 >= 0 }, "one count an arm")
        let arms = Double(shares.count)
        let total = Double(counts.reduce(0, +))
        return zip(counts, shares).reduce(lgamma(arms) - lgamma(arms + total)) { sum, arm in
            sum + lgamma(1 + Double(arm.0)) - Double(arm.0) * log(arm.1)
        }
    }

    /// Whether the evidence reaches 1 / α.
    public func isAlarm(_ counts: [Int]) -> Bool { logEvidence(counts) >= -log(alpha) }

    /// Whether it is an alarm against this arm: the evidence is there, and the arm has more than its share.
    public func isAlarm(_ counts: [Int], against arm: Int) -> Bool {
        let total = counts.reduce(0, +)
        return isAlarm(counts) && Double(counts[arm]) > shares[arm] * Double(total)
    }
}
