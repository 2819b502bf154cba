/// What an experiment decided for one unit.
public struct Assignment: Sendable, Equatable {
    /// Why the unit is where it is. Each reason is worth a counter of its own.
    public enum Reason: String, Sendable, CaseIterable {
        /// The allow-list names the unit. Such units chose their arm, so they belong into no statistics.
        case override
        /// The unit's position is in the arm's range.
        case enrolled
        /// The unit is outside the experiment's segments or coverage: the champion answers.
        case notEnrolled
        /// The request names no unit: the champion answers. A random arm would change from request to request.
        case unassigned
    }

    /// The index of the arm among the split's arms; nil: the champion, outside the experiment.
    public let arm: Int?
    /// Why.
    public let reason: Reason

    /// An assignment.
    public init(arm: Int?, reason: Reason) {
        self.arm = arm
        self.reason = reason
    }
}
