import Experiment

/// What a judge saw of a candidate at its looks, over all of an experiment in bounded memory: when the ring is full, every
/// other look is let go of, and looks are taken half as often. The intervals hold at every look, so that none is missed.
/// A value without a clock.
struct LiveLooks: Sendable, Equatable {
    /// One look.
    struct Look: Sendable, Equatable {
        /// Since the first.
        var seconds: Double
        /// The intervals of checks that have one, by name.
        let checks: [String: Interval]
    }

    /// A relative change, candidate over control, with its confidence sequence.
    struct Interval: Sendable, Equatable {
        let value: Double
        let lower: Double
        let upper: Double
    }

    /// How many looks are kept, besides the last.
    static let capacity = 240
    /// The checks that are kept: those of outcomes.
    static let checks = Judge.outcomes

    /// Seconds from one look to the next.
    private(set) var period: Double
    private(set) var looks: [Look] = []
    private let start: Double

    /// Nothing seen yet, at seconds of any clock.
    init(at start: Double, period: Double = 5) {
        self.start = start
        self.period = period
    }

    /// Whether the last look is so long ago as the period says.
    func isDue(at seconds: Double) -> Bool {
        looks.last.map { seconds - start - $0.seconds >= period } ?? true
    }

    /// Takes a look, where one is due and there is something to see.
    mutating func look(at seconds: Double, _ verdict: Verdict) {
        let intervals = Self.intervals(of: verdict)
        guard isDue(at: seconds), !intervals.isEmpty else { return }
        if looks.count == Self.capacity {
            looks = looks.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
            period *= 2
        }
        looks.append(Look(seconds: seconds - start, checks: intervals))
    }

    static func intervals(of verdict: Verdict) -> [String: Interval] {
        var intervals: [String: Interval] = [:]
        for check in verdict.checks where checks.contains(check.name) {
            guard let value = check.value, let lower = check.lower, let upper = check.upper,
                value.isFinite, lower.isFinite, upper.isFinite
            else { continue }
            intervals[check.name] = Interval(value: value, lower: lower, upper: upper)
        }
        return intervals
    }
}
