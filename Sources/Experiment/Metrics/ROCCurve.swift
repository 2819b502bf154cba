/// The receiver operating characteristic: what share of the clicks a threshold finds, against the share of the other samples
/// that it takes with them. Scores that tie are one step, a slope, so that the area below is the AUC of mid-ranks.
public struct ROCCurve: Sendable, Equatable {
    /// One threshold.
    public struct Point: Sendable, Equatable {
        /// The share of samples without a click that score as high.
        public let falsePositiveRate: Double
        /// The share of clicks that score as high.
        public let truePositiveRate: Double
    }

    /// From (0, 0) to (1, 1), one for each score that occurs, from the highest.
    public let points: [Point]

    /// Needs samples of both classes.
    public init(_ samples: LabelledScores) throws(MetricError) {
        try samples.checkBothClasses()
        let scores = samples.scores
        let order = scores.indices.sorted { scores[$0] > scores[$1] }
        let (clicks, others) = (Double(samples.positives), Double(samples.negatives))
        var points = [Point(falsePositiveRate: 0, truePositiveRate: 0)]
        var found = 0
        for (taken, sample) in order.enumerated() {
            if samples.labels[sample] { found += 1 }
            let isLast = taken + 1 == order.count
            if !isLast, scores[order[taken + 1]] == scores[sample] { continue }
            points.append(
                Point(
                    falsePositiveRate: Double(taken + 1 - found) / others,
                    truePositiveRate: Double(found) / clicks))
        }
        self.points = points
    }

    /// The area below, by trapezoids.
    public var area: Double {
        zip(points, points.dropFirst()).reduce(0) { sum, pair in
            let width = pair.1.falsePositiveRate - pair.0.falsePositiveRate
            return sum + width * (pair.0.truePositiveRate + pair.1.truePositiveRate) / 2
        }
    }

    /// At most `limit` of the points, ends among them, at nearly equal distances along the curve; all where there are no
    /// more. Precondition: a limit of at least 2.
    public func thinned(to limit: Int) -> [Point] {
        precondition(limit >= 2, "both ends")
        guard points.count > limit else { return points }
        // The two rates rise together from 0 to 2, so that their sum tells how far along a point is.
        var kept: [Point] = []
        var next = 0.0
        for point in points.dropLast() where point.falsePositiveRate + point.truePositiveRate >= next {
            kept.append(point)
            next = (point.falsePositiveRate + point.truePositiveRate) + 2 / Double(limit - 1)
        }
        return kept + points.suffix(1)
    }
}
