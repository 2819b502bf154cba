/// Every offline metric of one model on one split.
public struct Evaluation: Sendable, Equatable {
    /// Samples.
    public let samples: Int
    /// Clicked ones.
    public let positives: Int
    /// Users.
    public let groups: Int
    /// The area under the ROC curve.
    public let auc: AUC
    /// The same a user; nil where no user has both a click and another impression.
    public let groupedAUC: GroupedAUC?
    /// Log loss and normalized entropy.
    public let logLoss: LogLoss
    /// PCOC and the bins.
    public let calibration: Calibration

    /// Throws unless the scores are probabilities and both classes are there. Variances are taken over users.
    public init(_ scores: LabelledScores, groups: SampleGroups) throws(MetricError) {
        samples = scores.count
        positives = scores.positives
        self.groups = groups.count
        auc = try AUC(scores, groups: groups)
        do { groupedAUC = try GroupedAUC(scores, groups: groups) } catch {
            guard case .noGroupOfBothClasses = error else { throw error }
            groupedAUC = nil
        }
        logLoss = try LogLoss(scores, groups: groups)
        calibration = try Calibration(scores, groups: groups)
    }
}
