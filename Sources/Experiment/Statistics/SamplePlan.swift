/// What an experiment needs before it can tell differences of some sizes: printed when it starts, so that nobody expects a
/// verdict on one percent from an hour.
public struct SamplePlan: Sendable, Equatable, Encodable {
    /// One size of difference.
    public struct Row: Sendable, Equatable, Encodable {
        /// The relative difference of click-through rates.
        public let difference: Double
        /// Impressions an arm for one look at the end.
        public let impressions: Double
        /// Units that make them.
        public let units: Double
        /// Impressions an arm for a judge that looks all the time.
        public let impressionsAtAnyLook: Double
        /// Units that make them.
        public let unitsAtAnyLook: Double
    }

    /// The differences that are told.
    public static let differences = [0.01, 0.02, 0.05, 0.1]

    /// The click-through rate that is expected.
    public let rate: Double
    /// Impressions that a unit makes while the experiment runs, on average.
    public let impressionsPerUnit: Double
    /// How many times the variance of independent impressions theirs is, since those of one unit are alike.
    public let designEffect: Double
    /// The two-sided level.
    public let alpha: Double
    /// The chance that a difference is found.
    public let power: Double
    /// The differences, rising.
    public let rows: [Row]

    /// A plan for the judge of this policy. Precondition: the rate lies in (0, 1), the others are 1 at least.
    public init(
        rate: Double, impressionsPerUnit: Double, designEffect: Double = 1,
        policy: JudgePolicy = JudgePolicy()
    ) {
        precondition(impressionsPerUnit >= 1, "a unit makes an impression")
        let sequence = ConfidenceSequence(alpha: policy.alpha, tuning: policy.tuning)
        let power = 0.8
        rows = Self.differences.map { difference in
            let once = SampleSize(
                rate: rate, relativeDifference: difference, alpha: policy.alpha, power: power,
                designEffect: designEffect)
            let always = SampleSize(
                rate: rate, relativeDifference: difference, sequence: sequence, power: power,
                designEffect: designEffect)
            return Row(
                difference: difference, impressions: once.perArm.rounded(.up),
                units: (once.perArm / impressionsPerUnit).rounded(.up),
                impressionsAtAnyLook: always.perArm.rounded(.up),
                unitsAtAnyLook: (always.perArm / impressionsPerUnit).rounded(.up))
        }
        self.rate = rate
        self.impressionsPerUnit = impressionsPerUnit
        self.designEffect = designEffect
        self.alpha = policy.alpha
        self.power = power
    }
}
