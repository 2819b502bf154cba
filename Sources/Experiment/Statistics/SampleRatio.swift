/// Whether units were enrolled in the ratio that was asked for (sample ratio mismatch), counted over units and not requests.
public enum SampleRatio {
    /// Below it an experiment is not to be read.
    public static let threshold = 0.001

    /// The p-value of Σ (o - e)² / e with k - 1 degrees of freedom; 1 for less than two arms and where nothing was counted.
    /// Weights need not sum to 1. Precondition: one positive weight an arm.
    public static func pValue(units: [Int], weights: [Double]) -> Double {
        precondition(units.count == weights.count && weights.allSatisfy { $0 > 0 }, "one weight an arm")
        let total = Double(units.reduce(0, +))
        guard units.count > 1, total > 0 else { return 1 }
        let sum = weights.reduce(0, +)
        let statistic = zip(units, weights).reduce(0.0) { chi, arm in
            let expected = total * arm.1 / sum
            let distance = Double(arm.0) - expected
            return chi + distance * distance / expected
        }
        return ChiSquared.upperTail(statistic, degrees: units.count - 1)
    }
}
