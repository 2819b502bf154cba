import Experiment

/// What a version did wrong with a request, as metrics and events name it.
enum VersionFault: String, Sendable, CaseIterable {
    /// A score that is not a number.
    case nonFinite = "non_finite"
    /// It could not score the request: pages of its files were lost, or it refused what the champion takes.
    case error
    /// It took longer than its budget.
    case overBudget = "over_budget"
}

/// The guard of one arm against the arm that it is compared with: whether bad events fall on the two as their units do.
struct BadEventGuard: Sendable {
    private let test: SequentialCountTest
    /// Units with a bad event: of the arm that is compared with, and of the guarded one.
    private(set) var counts = [0, 0]
    /// Whether it has ever sounded. An alarm stands.
    private(set) var isAlarm = false

    /// Nil for weights that are not positive.
    ///
    /// - Parameter alpha: the chance, at most, of an alarm without cause, however often it is looked at.
    init?(referenceWeight: Double, weight: Double, alpha: Double = JudgePolicy().guardAlpha) {
        let total = referenceWeight + weight
        guard let test = SequentialCountTest(shares: [referenceWeight / total, weight / total], alpha: alpha)
        else { return nil }
        self.test = test
    }

    /// Counts one event. True where this one makes the alarm.
    mutating func count(isReference: Bool) -> Bool {
        counts[isReference ? 0 : 1] += 1
        guard !isAlarm, test.isAlarm(counts, against: 1) else { return false }
        isAlarm = true
        return true
    }
}
