/// How much worse a model may be and still pass, and how sure one has to be.
public struct ComparisonMargins: Sendable, Equatable {
    /// AUC and GAUC, absolute.
    public var auc = 0.002
    /// Log loss, relative to the first model's.
    public var logLoss = 0.01
    /// Predicted over observed clicks, relative to the first model's, away from 1.
    public var calibration = 0.02
    /// How many times the first model's median scoring time the second's may be.
    public var latency = 2.0
    /// Of the two-sided intervals: each check errs, one-sided, with half of what is left.
    public var confidence = 0.95

    /// The defaults.
    public init() {}
}
