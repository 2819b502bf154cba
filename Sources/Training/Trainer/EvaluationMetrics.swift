public import Experiment

/// The figures of one evaluation that a training keeps.
public struct EvaluationMetrics: Sendable, Equatable, Codable {
    /// Area under the ROC curve, ties counted half.
    public var auc: Double
    /// Mean over users of their own area, weighted by their samples; nil where no user has samples of both labels.
    public var gauc: Double?
    /// Mean cross entropy, in nats.
    public var logLoss: Double
    /// Samples.
    public var samples: Int

    /// Those of a whole evaluation.
    public init(_ evaluation: Evaluation) {
        auc = evaluation.auc.value
        gauc = evaluation.groupedAUC?.estimate(.meanBySampleNumber).value
        logLoss = evaluation.logLoss.estimate.value
        samples = evaluation.samples
    }

    /// The figure that a selection goes by.
    public func value(of metric: SelectionMetric) -> Double {
        switch metric {
        case .auc: auc
        case .logLoss: logLoss
        }
    }

    private enum CodingKeys: String, CodingKey {
        case auc, gauc, samples
        case logLoss = "log_loss"
    }
}
