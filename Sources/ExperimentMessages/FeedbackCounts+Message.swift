public import Experiment
public import Messages

extension Messages.FeedbackCounts {
    /// The counts as a message.
    public init(_ counts: Experiment.FeedbackCounts) {
        self.init(
            accepted: counts.accepted, late: counts.late, early: counts.early, unmatched: counts.unmatched,
            duplicate: counts.duplicate, invalid: counts.invalid)
    }
}

extension Experiment.FeedbackCounts {
    /// The counts of a message.
    init(_ message: Messages.FeedbackCounts) {
        self.init(
            accepted: message.accepted, late: message.late, early: message.early,
            unmatched: message.unmatched, duplicate: message.duplicate, invalid: message.invalid)
    }
}
