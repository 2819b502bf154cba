/// The area under the ROC curve: how often a clicked sample's score is above another's, ties counting one half
/// (mid-ranks), with DeLong's variance.
public struct AUC: Sendable, Equatable {
    /// The area; its intervals are taken on the logit scale, where they cannot leave 0...1.
    public let estimate: Estimate
    /// Clicked samples.
    public let positives: Int
    /// The others.
    public let negatives: Int

    /// The area.
    public var value: Double { estimate.value }

    /// Needs samples of both classes. With `groups` the variance is Obuchowski's, which allows for samples of one group
    /// that depend on each other; without them, or with one sample a group, it is DeLong's. O(n log n).
    public init(_ samples: LabelledScores, groups: SampleGroups? = nil) throws(MetricError) {
        try samples.check(groups)
        let placements = try Placements(samples)
        estimate = Estimate(
            value: placements.area,
            variance: Self.variance(samples, groups) { placements.values[$0] - placements.area },
            scale: .logit)
        positives = samples.positives
        negatives = samples.negatives
    }

    /// DeLong's paired test of two models: scores of the same samples in the same order.
    public static func comparison(
        _ first: LabelledScores, _ second: LabelledScores, groups: SampleGroups? = nil
    ) throws(MetricError) -> PairedTest {
        try first.checkSameSamples(as: second)
        try first.check(groups)
        let one = try Placements(first)
        let two = try Placements(second)
        let difference = two.area - one.area
        let variance = variance(first, groups) { (two.values[$0] - one.values[$0]) - difference }
        return PairedTest(difference: Estimate(value: difference, variance: variance))
    }

    /// The variance from each sample's deviation, its placement less the area. A difference of two areas has the
    /// differences of the deviations, so that the covariance needs no formula of its own.
    ///
    /// Var = Σ₊ over groups + Σ₋ over groups + twice the product within groups (Obuchowski, Biometrics 53, 1997).
    private static func variance(
        _ samples: LabelledScores, _ groups: SampleGroups?, deviations: (Int) -> Double
    ) -> Double? {
        let groups = groups ?? SampleGroups(Array(0..<samples.count))
        let shares = (positive: 1 / Double(samples.positives), negative: 1 / Double(samples.negatives))
        var sums = [GroupDeviation](repeating: GroupDeviation(), count: groups.count)
        for (sample, group) in groups.indices.enumerated() {
            if samples.labels[sample] {
                sums[group].positive += deviations(sample) * shares.positive
                sums[group].hasPositive = true
            } else {
                sums[group].negative += deviations(sample) * shares.negative
                sums[group].hasNegative = true
            }
        }
        let clicked = sums.count { $0.hasPositive }
        let others = sums.count { $0.hasNegative }
        guard clicked > 1, others > 1 else { return nil }
        func corrected(_ sum: Double, _ count: Int) -> Double { sum * Double(count) / Double(count - 1) }
        let variance =
            corrected(sums.reduce(0) { $0 + $1.positive * $1.positive }, clicked)
            + corrected(sums.reduce(0) { $0 + $1.negative * $1.negative }, others)
            + 2 * corrected(sums.reduce(0) { $0 + $1.positive * $1.negative }, groups.count)
        return max(0, variance)
    }

    private struct GroupDeviation {
        var positive = 0.0
        var negative = 0.0
        var hasPositive = false
        var hasNegative = false
    }
}
