public import Experiment

/// Two models on the same samples: whether the second may take the place of the first.
///
/// It is a pure function of scored samples and what was seen beside them, so that samples may come from a split, from a
/// request log, or from anywhere else.
public struct ModelComparison: Sendable {
    /// The samples, with the scores of both.
    public let scored: ScoredSamples
    /// Every metric of both, the paired tests, and the same of the segments.
    public let evaluation: EvaluationResult
    /// How near their scores are.
    public let agreement: ScoreAgreement
    /// How far the distribution of the second's scores is from that of the first's.
    public let stability: ScoreDrift.StabilityIndex?
    /// The largest distance between both distributions, and how often chance makes it so large between independent samples.
    public let kolmogorovSmirnov: (distance: Double, pValue: Double)?
    /// The time that both take; nil where it was not measured.
    public let latency: ScoringLatency?
    /// The relative gain in log loss, user by user.
    public let lift: CumulativeLift
    /// Where they differ most, explained.
    public let disagreements: [Disagreement]
    /// What the verdict goes by.
    public let margins: ComparisonMargins
    /// Whether the second is as good as the first.
    public let verdict: Verdict

    /// The first model, which is what the second is judged against.
    public var first: String { evaluation.names[0] }
    /// The second.
    public var second: String { evaluation.names[1] }

    /// Throws where the samples are of one class, or where a score is not a probability. `explain` is asked for the samples
    /// of which the two differ most. Precondition: two models.
    public init(
        _ scored: ScoredSamples, data: String, split: String,
        margins: ComparisonMargins = ComparisonMargins(),
        latency: ScoringLatency? = nil, disagreements limit: Int = 5,
        explain: (_ sample: Int) throws -> Disagreement
    ) throws {
        precondition(scored.names.count == 2, "two models")
        guard let agreement = scored.agreement else { throw MetricError.noSamples }
        let evaluation = try EvaluationResult(
            scored, data: data, split: split, segments: Segmentation.allCases)
        let (one, two) = (try scored.samples(0), try scored.samples(1))
        self.scored = scored
        self.evaluation = evaluation
        self.agreement = agreement
        self.latency = latency
        self.margins = margins
        stability = ScoreDrift.stabilityIndex(expected: one.scores, actual: two.scores, bins: 10)
        kolmogorovSmirnov = ScoreDrift.kolmogorovSmirnov(one.scores, two.scores)
        lift = try CumulativeLift(logLossOf: one, two, users: scored.users, alpha: 1 - margins.confidence)
        disagreements = try scored.largestDisagreements(limit).map(explain)
        verdict = Verdict(comparing: evaluation, latency: latency, margins)
    }
}
