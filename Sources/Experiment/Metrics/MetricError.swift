/// Why a metric cannot be computed from these samples.
public enum MetricError: Error, Sendable, Equatable, CustomStringConvertible {
    /// There is no sample.
    case noSamples
    /// Two lists that belong together differ in length.
    case unequalCounts(scores: Int, others: Int)
    /// A score is an infinity or not a number.
    case nonFiniteScore(index: Int)
    /// A metric of probabilities met a score outside 0...1.
    case notAProbability(index: Int, score: Double)
    /// Only one of the two classes is there, and the metric compares them.
    case oneClass(positives: Int, negatives: Int)
    /// No group has samples of both classes.
    case noGroupOfBothClasses(groups: Int)
    /// Two models were to be compared on samples that are not the same.
    case differentSamples(index: Int)

    /// One sentence: the thing and the mend.
    public var description: String {
        switch self {
        case .noSamples: "there is no sample to judge by"
        case .unequalCounts(let scores, let others):
            "\(scores) scores beside a list of \(others); give one value a sample"
        case .nonFiniteScore(let index):
            "the score of sample \(index) is not a finite number; the model that gave it is broken"
        case .notAProbability(let index, let score):
            "the score \(score) of sample \(index) is outside 0 to 1; give probabilities, not logits"
        case .oneClass(let positives, let negatives):
            "\(positives) clicks and \(negatives) others; both are needed"
        case .noGroupOfBothClasses(let groups):
            "none of the \(groups) groups has both a click and another impression"
        case .differentSamples(let index):
            "sample \(index) has another label or group for the second model; score the same samples"
        }
    }
}
