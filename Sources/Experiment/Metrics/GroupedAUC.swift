/// GAUC: the area under the ROC curve of each group, in click-through data of each user, averaged. It tells how well a
/// user's own candidates are ordered, which is what a ranking does.
///
/// Groups of one class have no area; they are left out and counted.
public struct GroupedAUC: Sendable, Equatable {
    /// What a group weighs in the average, by the names that EasyRec gives them.
    public enum Weighting: String, Sendable, CaseIterable {
        /// Each group alike.
        case mean
        /// By its samples: impressions, as DIN's paper does.
        case meanBySampleNumber = "mean_by_sample_num"
        /// By its positives: clicks.
        case meanByPositiveNumber = "mean_by_positive_num"
    }

    /// One group of both classes.
    struct Group: Sendable, Equatable {
        let area: Double
        let samples: Int
        let positives: Int

        func weight(_ weighting: Weighting) -> Double {
            switch weighting {
            case .mean: 1
            case .meanBySampleNumber: Double(samples)
            case .meanByPositiveNumber: Double(positives)
            }
        }
    }

    let groups: [Group]
    /// Groups of one class, left out.
    public let skippedGroups: Int
    /// The samples of those.
    public let skippedSamples: Int

    /// Groups that were averaged.
    public var groupCount: Int { groups.count }

    /// Throws where no group has both classes. O(n log n).
    public init(_ samples: LabelledScores, groups: SampleGroups) throws(MetricError) {
        try samples.check(groups)
        var found: [Group] = []
        var skipped = (groups: 0, samples: 0)
        for members in groups.members {
            if let group = Self.group(of: members, samples) {
                found.append(group)
            } else {
                skipped = (skipped.groups + 1, skipped.samples + members.count)
            }
        }
        guard !found.isEmpty else { throw .noGroupOfBothClasses(groups: groups.count) }
        self.groups = found
        skippedGroups = skipped.groups
        skippedSamples = skipped.samples
    }

    /// The weighted mean Σ w a / Σ w; its variance is taken over groups.
    public func estimate(_ weighting: Weighting) -> Estimate {
        Self.weightedMean(of: groups.map(\.area), weights: groups.map { $0.weight(weighting) }, scale: .logit)
    }

    /// The paired test of two models on the same samples and groups.
    public static func comparison(
        _ first: LabelledScores, _ second: LabelledScores, groups: SampleGroups, weighting: Weighting
    ) throws(MetricError) -> PairedTest {
        try first.checkSameSamples(as: second)
        let one = try GroupedAUC(first, groups: groups).groups
        let two = try GroupedAUC(second, groups: groups).groups
        return PairedTest(
            difference: weightedMean(
                of: zip(one, two).map { $1.area - $0.area }, weights: one.map { $0.weight(weighting) },
                scale: .plain))
    }

    private static func weightedMean(
        of values: [Double], weights: [Double], scale: Estimate.Scale
    ) -> Estimate {
        let total = weights.reduce(0, +)
        let mean = zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 } / total
        let variance = Estimate.variance(
            ofInfluences: { weights[$0] * (values[$0] - mean) / total }, SampleGroups(Array(values.indices)))
        return Estimate(value: mean, variance: variance, scale: scale)
    }

    /// Nil for a group of one class.
    private static func group(of members: ArraySlice<Int>, _ samples: LabelledScores) -> Group? {
        let positives = members.count { samples.labels[$0] }
        guard positives > 0, positives < members.count else { return nil }
        let order = members.sorted { samples.scores[$0] < samples.scores[$1] }
        var pairs = PairCount()
        var start = 0
        while start < order.count {
            let tied = order[start...].prefix { samples.scores[$0] == samples.scores[order[start]] }
            let clicked = tied.count { samples.labels[$0] }
            pairs.add(positives: clicked, negatives: tied.count - clicked)
            start = tied.endIndex
        }
        return Group(area: pairs.area, samples: members.count, positives: positives)
    }
}

extension SampleGroups {
    /// The samples of each group, in the samples' order.
    var members: [ArraySlice<Int>] {
        var ends = [Int](repeating: 0, count: count + 1)
        for group in indices { ends[group + 1] += 1 }
        for group in 0..<count { ends[group + 1] += ends[group] }
        var next = ends
        var samples = [Int](repeating: 0, count: indices.count)
        for (sample, group) in indices.enumerated() {
            samples[next[group]] = sample
            next[group] += 1
        }
        return (0..<count).map { samples[ends[$0]..<ends[$0 + 1]] }
    }
}
