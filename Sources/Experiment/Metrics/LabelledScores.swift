/// What a model said of each sample beside what happened: finite scores, the larger the likelier a click, and labels.
public struct LabelledScores: Sendable, Equatable {
    /// One score a sample: probabilities, or anything that orders alike where the metric only orders.
    public let scores: [Double]
    /// Whether each was clicked.
    public let labels: [Bool]
    /// How many were clicked.
    public let positives: Int

    /// Samples.
    public var count: Int { scores.count }
    /// How many were not clicked.
    public var negatives: Int { count - positives }

    /// Scores and labels in the same order; throws for none at all, for unequal counts, and for the first score that is
    /// not finite.
    public init(_ scores: [Double], labels: [Bool]) throws(MetricError) {
        guard scores.count == labels.count else {
            throw .unequalCounts(scores: scores.count, others: labels.count)
        }
        guard !scores.isEmpty else { throw .noSamples }
        if let index = scores.firstIndex(where: { !$0.isFinite }) { throw .nonFiniteScore(index: index) }
        self.scores = scores
        self.labels = labels
        positives = labels.count { $0 }
    }

    /// The same of single precision.
    public init(_ scores: [Float], labels: [Bool]) throws(MetricError) {
        try self.init(scores.map(Double.init), labels: labels)
    }

    /// Throws unless there are samples of both classes.
    func checkBothClasses() throws(MetricError) {
        guard positives > 0, negatives > 0 else {
            throw .oneClass(positives: positives, negatives: negatives)
        }
    }

    /// Throws for the first score outside 0...1.
    func checkProbabilities() throws(MetricError) {
        if let index = scores.firstIndex(where: { !(0...1).contains($0) }) {
            throw .notAProbability(index: index, score: scores[index])
        }
    }

    /// Throws unless the groups are these samples'.
    func check(_ groups: SampleGroups?) throws(MetricError) {
        guard let groups, groups.indices.count != count else { return }
        throw .unequalCounts(scores: count, others: groups.indices.count)
    }

    /// Throws unless `other` has the same labels: what a paired comparison needs.
    func checkSameSamples(as other: LabelledScores) throws(MetricError) {
        guard count == other.count else { throw .unequalCounts(scores: count, others: other.count) }
        if let index = labels.indices.first(where: { labels[$0] != other.labels[$0] }) {
            throw .differentSamples(index: index)
        }
    }
}
