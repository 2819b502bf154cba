extension LiveReport {
    /// A split of a model's traffic, and what became of it here.
    struct Experiment: Sendable, Equatable, Encodable {
        /// Its salt.
        let name: String
        let algorithm: String
        /// Basis points of each arm's weight that are enrolled.
        let coverage: Int
        /// Requests by decision: in an arm's range, named by an allow-list, outside, without a routing key.
        let enrolled: UInt64
        let overridden: UInt64
        let notEnrolled: UInt64
        let unassigned: UInt64
        let arms: [Arm]
        /// Of each arm that is compared with the control.
        let judgements: [Judgement]
    }

    /// One arm of it.
    struct Arm: Sendable, Equatable, Encodable {
        let name: String
        let weight: UInt32
        /// Of all units.
        let share: Double
        /// The version that the registry names.
        let version: UInt64
        /// The one that answers; 0: the champion does.
        let servingVersion: UInt64
        /// Requests assigned to it, by who answered.
        let servedByArm: UInt64
        let servedByChampion: UInt64
        /// Of the last ten seconds; nil before the second sample.
        let rates: Rates?
        /// What became of its impressions; nil where nothing counts them.
        let outcomes: Outcomes?
        /// What this server does about its faults; nil where nothing watches it.
        let guarded: Guard?
    }

    /// What became of the impressions of an arm whose attribution window is over.
    struct Outcomes: Sendable, Equatable, Encodable {
        /// Units that were assigned to the arm, an estimate.
        let units: Double
        let impressions: Double
        let clicks: Double
        let conversions: Double
        /// Clicks over impressions.
        let clickThroughRate: Double?
        /// Predicted over observed clicks.
        let predictedOverObserved: Double?
        /// Impressions whose window is still open.
        let openImpressions: Double
        /// Bad events: at most one of a unit in a minute.
        let errors: Double
        let overBudget: Double
        let fallbacks: Double
        let nonFinite: Double
    }

    /// Whether an arm's own version is asked.
    struct Guard: Sendable, Equatable, Encodable {
        /// `closed`: it is asked; `open`, `tripped`: the champion answers in its place; `probing`: it is tried.
        let state: String
        /// Empty where it is closed.
        let reason: String
    }

    /// What a judge says of an arm by what this server has counted.
    struct Judgement: Sendable, Equatable, Encodable {
        let arm: String
        /// `PASS`, `HOLD`, `INSUFFICIENT` or `FAIL`.
        let decision: String
        let checks: [Check]
        /// How the checks of outcomes settled.
        let looks: [Look]

        /// The checks that keep it from a pass.
        var obstacles: [Check] { checks.filter { $0.decision != "PASS" } }
    }

    /// One thing that was looked at.
    struct Check: Sendable, Equatable, Encodable {
        let name: String
        let decision: String
        let value: Double?
        let lower: Double?
        let upper: Double?
        let reason: String
    }

    /// The intervals of a check at a moment.
    struct Look: Sendable, Equatable, Encodable {
        let check: String
        /// Since this server followed the experiment.
        let seconds: Double
        let value: Double
        let lower: Double
        let upper: Double
    }

    /// A version that scores copies of requests, beside the one that answered.
    struct Shadow: Sendable, Equatable, Encodable {
        let version: UInt64
        let championVersion: UInt64
        /// Nil before it scored anything.
        let judgement: Judgement?
        let segments: [Segment]
    }

    /// A kind of requests that both scored.
    struct Segment: Sendable, Equatable, Encodable {
        let name: String
        let requests: Int
        /// Requests that the shadow failed on, or gave a score that is no number.
        let failures: Int
        let nonFiniteShare: Double?
        let meanLogitDifference: Double?
        let p99Difference: Double?
        let meanKendallTau: Double?
        let meanOverlap: Double?
        let changedTopShare: Double?
        let latencyRatio: Double?
    }

    /// What became of reports of outcomes.
    struct Feedback: Sendable, Equatable, Encodable {
        let accepted: UInt64
        let late: UInt64
        let early: UInt64
        let unmatched: UInt64
        let duplicate: UInt64
        let invalid: UInt64
    }
}
