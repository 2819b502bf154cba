/// Whether probabilities are what happens: predicted over observed clicks, overall and in bins of equal count.
public struct Calibration: Sendable, Equatable {
    /// Samples of neighbouring scores.
    public struct Bin: Sendable, Equatable {
        /// The smallest score in it.
        public let lowest: Double
        /// The largest.
        public let highest: Double
        /// Samples, at least 1.
        public let count: Int
        /// Clicked ones.
        public let positives: Int
        /// Mean probability.
        public let predicted: Double

        /// Click rate.
        public var observed: Double { Double(positives) / Double(count) }
        /// Predicted over observed clicks; nil without a click.
        public var ratio: Double? { positives > 0 ? predicted * Double(count) / Double(positives) : nil }
        /// Wilson's interval of the click rate.
        public func interval(confidence: Double = 0.95) -> ConfidenceInterval {
            .wilson(successes: positives, count: count, confidence: confidence)
        }
    }

    /// In rising order of score; none is empty.
    public let bins: [Bin]
    /// PCOC, Σ predicted / Σ clicks: 1 is calibrated, above 1 promises too much. Nil without a click.
    public let ratio: Estimate?
    /// Σ_b n_b / n |predicted_b - observed_b|: the expected calibration error over the bins.
    public let expectedError: Double

    /// Throws for a score outside 0...1. Samples of one score stay in one bin, that of their middle rank, so bins are
    /// equal only as far as ties allow, and do not depend on the samples' order. Precondition: `binLimit` is positive.
    public init(
        _ samples: LabelledScores, binLimit: Int = 20, groups: SampleGroups? = nil
    ) throws(MetricError) {
        precondition(binLimit > 0, "at least one bin")
        try samples.check(groups)
        try samples.checkProbabilities()
        let bins = Self.bins(samples, limit: binLimit)
        self.bins = bins
        expectedError =
            bins.reduce(0) { $0 + Double($1.count) * abs($1.predicted - $1.observed) } / Double(samples.count)
        ratio = Self.ratio(samples, groups ?? SampleGroups(Array(0..<samples.count)))
    }

    /// ΣY / ΣX of two quantities a sample, by the delta method over groups.
    private static func ratio(_ samples: LabelledScores, _ groups: SampleGroups) -> Estimate? {
        guard samples.positives > 0 else { return nil }
        let clicks = Double(samples.positives)
        let ratio = samples.scores.reduce(0, +) / clicks
        let variance = Estimate.variance(
            ofInfluences: { (samples.scores[$0] - (samples.labels[$0] ? ratio : 0)) / clicks }, groups)
        return Estimate(value: ratio, variance: variance, scale: .log)
    }

    /// The paired test of predicted over observed clicks, on the same samples; nil without a click.
    public static func comparison(
        _ first: LabelledScores, _ second: LabelledScores, groups: SampleGroups? = nil
    ) throws(MetricError) -> PairedTest? {
        try first.checkSameSamples(as: second)
        try first.check(groups)
        guard first.positives > 0 else { return nil }
        let clicks = Double(first.positives)
        let differences = zip(first.scores, second.scores).map { $1 - $0 }
        let ratio = differences.reduce(0, +) / clicks
        let variance = Estimate.variance(
            ofInfluences: { (differences[$0] - (first.labels[$0] ? ratio : 0)) / clicks },
            groups ?? SampleGroups(Array(0..<first.count)))
        return PairedTest(difference: Estimate(value: ratio, variance: variance))
    }

    private static func bins(_ samples: LabelledScores, limit: Int) -> [Bin] {
        let scores = samples.scores
        let order = scores.indices.sorted { scores[$0] < scores[$1] }
        var bins: [Bin] = []
        var open: (number: Int, first: Int)?
        var start = 0
        func close(_ first: Int, _ end: Int) {
            let members = order[first..<end]
            bins.append(
                Bin(
                    lowest: scores[order[first]], highest: scores[order[end - 1]], count: members.count,
                    positives: members.count { samples.labels[$0] },
                    predicted: members.reduce(0) { $0 + scores[$1] } / Double(members.count)))
        }
        while start < order.count {
            let end = order[start...].prefix { scores[$0] == scores[order[start]] }.endIndex
            // Twice the middle rank, start + (end - 1 - start) / 2, so that it is an integer.
            let number = (start + end - 1) * limit / (2 * order.count)
            if let bin = open, bin.number != number {
                close(bin.first, start)
                open = (number, start)
            } else if open == nil {
                open = (number, start)
            }
            start = end
        }
        if let open { close(open.first, order.count) }
        return bins
    }
}
