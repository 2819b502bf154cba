/// What an evaluation is judged by.
public enum SelectionMetric: String, Sendable, Codable, CaseIterable {
    /// Area under the ROC curve: more is better.
    case auc
    /// Mean cross entropy: less is better.
    case logLoss = "log_loss"

    /// Whether the first value is better than the second one; a value that is not a number never is.
    public func isBetter(_ value: Double, than other: Double) -> Bool {
        self == .auc ? value > other : value < other
    }
}

/// Ends a training that has stopped to improve, and tells which of its evaluations was the best.
public struct EarlyStopping: Sendable, Equatable, Codable {
    /// What is compared.
    public let metric: SelectionMetric
    /// Evaluations in a row without improvement after which the training ends; nil: it never ends early.
    public let patience: Int?
    /// The best value so far.
    public private(set) var best: Double?
    /// Evaluations since then.
    public private(set) var evaluationsSinceBest = 0

    /// Nothing is evaluated yet.
    public init(metric: SelectionMetric, patience: Int?) {
        self.metric = metric
        self.patience = patience
    }

    /// Takes the next evaluation; returns whether it is the best one so far.
    public mutating func record(_ value: Double) -> Bool {
        guard let best else {
            self.best = value.isNaN ? nil : value
            evaluationsSinceBest = value.isNaN ? 1 : 0
            return !value.isNaN
        }
        guard metric.isBetter(value, than: best) else {
            evaluationsSinceBest += 1
            return false
        }
        self.best = value
        evaluationsSinceBest = 0
        return true
    }

    /// Whether to end now.
    public var isOver: Bool { patience.map { evaluationsSinceBest >= $0 } ?? false }
}
