public import Experiment

/// Two models on the same samples: whether the second may take the place of the first.
///
/// It is a pure function of scored samples and what was seen beside them, so that samples may come from a split, from a
/// request log, or from anywhere else.
public struct ModelComparison: Sendable {
    /// What there is to say without what became of the samples.
    public let scores: ScoreComparison
    /// Every metric of both, the paired tests, and the same of the segments.
    public let evaluation: EvaluationResult
    /// The relative gain in log loss, user by user.
    public let lift: CumulativeLift
    /// What the verdict goes by.
    public let margins: ComparisonMargins
    /// Whether the second is as good as the first.
    public let verdict: Verdict

    /// The first model, which is what the second is judged against.
    public var first: String { scores.first }
    /// The second.
    public var second: String { scores.second }

    /// Throws where the samples are of one class, or where a score is not a probability. `explain` is asked for the samples
    /// of which the two differ most. Precondition: two models.
    public init(
        _ scored: ScoredSamples, data: String, split: String,
        margins: ComparisonMargins = ComparisonMargins(),
        latency: ScoringLatency? = nil, disagreements limit: Int = 5,
        explain: (_ sample: Int) throws -> Disagreement
    ) throws {
        precondition(scored.names.count == 2, "two models")
        let evaluation = try EvaluationResult(
            scored, data: data, split: split, segments: Segmentation.allCases)
        let (one, two) = (try scored.samples(0), try scored.samples(1))
        self.evaluation = evaluation
        self.margins = margins
        lift = try CumulativeLift(logLossOf: one, two, users: scored.users, alpha: 1 - margins.confidence)
        verdict = Verdict(comparing: evaluation, latency: latency, margins)
        scores = try ScoreComparison(
            scored, latency: latency, disagreements: limit, explain: explain)
    }
}

extension ModelComparison {
    /// The samples, with the scores of both.
    public var scored: ScoredSamples { scores.scored }
    /// How near their scores are.
    public var agreement: ScoreAgreement { scores.agreement }
    /// How far the distribution of the second's scores is from that of the first's.
    public var stability: ScoreDrift.StabilityIndex? { scores.stability }
    /// The largest distance between both distributions, and how often chance makes it so large between independent samples.
    public var kolmogorovSmirnov: (distance: Double, pValue: Double)? { scores.kolmogorovSmirnov }
    /// The time that both take; nil where it was not measured.
    public var latency: ScoringLatency? { scores.latency }
    /// Where they differ most, explained.
    public var disagreements: [Disagreement] { scores.disagreements }
}
