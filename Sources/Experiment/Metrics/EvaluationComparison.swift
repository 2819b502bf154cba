/// Two models on the same samples: the second's figures less the first's.
public struct EvaluationComparison: Sendable, Equatable {
    /// DeLong's test.
    public let auc: PairedTest
    /// The same a user, weighted by impressions; nil where no user has both classes.
    public let groupedAUC: PairedTest?
    /// The same weighted by clicks.
    public let groupedAUCByClicks: PairedTest?
    /// The same with each user alike.
    public let groupedAUCByUsers: PairedTest?
    /// Negative where the second loses less.
    public let logLoss: PairedTest
    /// The same over the entropy of the mean click rate.
    public let normalizedEntropy: PairedTest?
    /// Of predicted over observed clicks: it tells that they differ, not which is nearer to 1.
    public let calibration: PairedTest?

    /// Scores of the same samples in the same order, and their users.
    public init(_ first: LabelledScores, _ second: LabelledScores, groups: SampleGroups) throws(MetricError) {
        func grouped(_ weighting: GroupedAUC.Weighting) throws(MetricError) -> PairedTest? {
            do {
                return try GroupedAUC.comparison(first, second, groups: groups, weighting: weighting)
            } catch {
                guard case .noGroupOfBothClasses = error else { throw error }
                return nil
            }
        }
        auc = try AUC.comparison(first, second, groups: groups)
        groupedAUC = try grouped(.meanBySampleNumber)
        groupedAUCByClicks = try grouped(.meanByPositiveNumber)
        groupedAUCByUsers = try grouped(.mean)
        logLoss = try LogLoss.comparison(first, second, groups: groups)
        normalizedEntropy = try LogLoss.normalizedComparison(first, second, groups: groups)
        calibration = try Calibration.comparison(first, second, groups: groups)
    }
}
