/// The difference of two models on the same samples, second - first, and whether it could be chance.
public struct PairedTest: Sendable, Equatable {
    /// The difference; its variance knows that the samples are the same.
    public let difference: Estimate

    /// A test of this difference.
    public init(difference: Estimate) { self.difference = difference }

    /// The difference in standard errors. 0 where nothing differs; nil where the variance is unknown, or zero beside a
    /// difference that is not.
    public var z: Double? {
        guard let error = difference.standardError else { return nil }
        if error > 0 { return difference.value / error }
        return difference.value == 0 ? 0 : nil
    }

    /// How often models that are equally good differ as much or more: two-sided, normal.
    public var pValue: Double? { z.map(NormalDistribution.twoSidedP) }
}
