internal import DIEN
public import Experiment

/// Two models' scores of the same samples, whatever became of them: how near they are, how far their distribution has moved,
/// what both take, and where they differ most.
public struct ScoreComparison: Sendable {
    /// A part of the samples.
    public struct Segment: Sendable {
        /// For people, as `history 5-9`.
        public let name: String
        /// Samples.
        public let samples: Int
        /// How near the scores are.
        public let agreement: ScoreAgreement
    }

    /// The samples, with the scores of both.
    public let scored: ScoredSamples
    /// How near their scores are.
    public let agreement: ScoreAgreement
    /// The same of the parts that have samples.
    public let segments: [Segment]
    /// How far the distribution of the second's scores is from that of the first's.
    public let stability: ScoreDrift.StabilityIndex?
    /// The largest distance between both distributions, and how often chance makes it so large between independent samples.
    public let kolmogorovSmirnov: (distance: Double, pValue: Double)?
    /// The time that both take; nil where it was not measured.
    public let latency: ScoringLatency?
    /// Where they differ most, explained.
    public let disagreements: [Disagreement]

    /// The first model, which is what the second is compared with.
    public var first: String { scored.names[0] }
    /// The second.
    public var second: String { scored.names[1] }

    /// Throws for no samples. `explain` is asked for the samples of which the two differ most. Precondition: two models.
    public init(
        _ scored: ScoredSamples, latency: ScoringLatency? = nil, disagreements limit: Int = 5,
        explain: (_ sample: Int) throws -> Disagreement
    ) throws {
        precondition(scored.names.count == 2, "two models")
        guard let agreement = scored.agreement else { throw MetricError.noSamples }
        self.scored = scored
        self.agreement = agreement
        self.latency = latency
        segments = Segmentation.allCases.flatMap { segmentation in
            segmentation.parts.compactMap { part in
                let inside = scored.filter { part.contains(scored, $0) }
                return inside.agreement.map {
                    Segment(name: part.name, samples: inside.labels.count, agreement: $0)
                }
            }
        }
        let scores = scored.scores.map { $0.map(Double.init) }
        stability = ScoreDrift.stabilityIndex(expected: scores[0], actual: scores[1], bins: 10)
        kolmogorovSmirnov = ScoreDrift.kolmogorovSmirnov(scores[0], scores[1])
        disagreements = try scored.largestDisagreements(limit).map(explain)
    }
}
