/// The figures of one evaluation.
public struct EvaluationMetrics: Sendable, Equatable, Codable {
    /// Area under the ROC curve, ties counted half.
    public var auc: Double
    /// Mean over users of their AUC, weighted by their samples; users of one label alone are left out.
    public var gauc: Double
    /// Mean cross entropy, in nats.
    public var logLoss: Double
    /// Samples.
    public var samples: Int

    /// The figure of that name.
    public func value(of metric: SelectionMetric) -> Double {
        switch metric {
        case .auc: auc
        case .logLoss: logLoss
        }
    }
}
