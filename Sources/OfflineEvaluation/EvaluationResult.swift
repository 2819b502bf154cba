public import Experiment

/// Every metric of one model or two on some samples, and on parts of them.
public struct EvaluationResult: Sendable {
    /// A part of the samples.
    public struct Segment: Sendable {
        /// For people, as `history 5-9`.
        public let name: String
        /// Samples.
        public let samples: Int
        /// Clicked ones.
        public let positives: Int
        /// One a model; nil where the part has one class.
        public let evaluations: [Evaluation]?
        /// With two models.
        public let comparison: EvaluationComparison?
        /// With two models: how near their scores are.
        public let agreement: ScoreAgreement?
    }

    /// The data set, as it was named.
    public let data: String
    /// The split.
    public let split: String
    /// The models.
    public let names: [String]
    /// One a model.
    public let evaluations: [Evaluation]
    /// With two models.
    public let comparison: EvaluationComparison?
    /// Those that have samples.
    public let segments: [Segment]

    /// Throws where the samples are of one class, or where a score is not a probability.
    public init(
        _ scored: ScoredSamples, data: String, split: String, segments segmentations: [Segmentation]
    ) throws {
        self.data = data
        self.split = split
        names = scored.names
        let groups = scored.groups
        evaluations = try scored.names.indices.map { try Evaluation(scored.samples($0), groups: groups) }
        comparison =
            scored.names.count == 2
            ? try EvaluationComparison(scored.samples(0), scored.samples(1), groups: groups) : nil
        segments = try segmentations.flatMap { segmentation in
            try segmentation.parts.compactMap { part in
                try Self.part(part.name, scored.filter { part.contains(scored, $0) })
            }
        }
    }

    private static func part(_ name: String, _ part: ScoredSamples) throws -> Segment? {
        guard !part.labels.isEmpty else { return nil }
        let positives = part.labels.count { $0 }
        let hasBoth = positives > 0 && positives < part.labels.count
        let groups = part.groups
        return Segment(
            name: name, samples: part.labels.count, positives: positives,
            evaluations: hasBoth
                ? try part.names.indices.map { try Evaluation(part.samples($0), groups: groups) } : nil,
            comparison: hasBoth && part.names.count == 2
                ? try EvaluationComparison(part.samples(0), part.samples(1), groups: groups) : nil,
            agreement: part.agreement)
    }
}

extension Evaluation {
    /// Its figures by name, in the order in which they are told. Nil where the samples do not give one.
    public var figures: [(name: String, key: String, estimate: Estimate?)] {
        [
            ("AUC", "auc", auc.estimate),
            ("GAUC by impressions", "gauc_by_impressions", groupedAUC?.estimate(.meanBySampleNumber)),
            ("GAUC by clicks", "gauc_by_clicks", groupedAUC?.estimate(.meanByPositiveNumber)),
            ("GAUC by users", "gauc_by_users", groupedAUC?.estimate(.mean)),
            ("log loss", "log_loss", logLoss.estimate),
            ("normalized entropy", "normalized_entropy", logLoss.normalizedEntropy),
            ("PCOC", "pcoc", calibration.ratio),
        ]
    }
}

extension EvaluationComparison {
    /// Its tests by name and key.
    public var tests: [(name: String, key: String, test: PairedTest?)] {
        [
            ("AUC", "auc", auc),
            ("GAUC by impressions", "gauc_by_impressions", groupedAUC),
            ("GAUC by clicks", "gauc_by_clicks", groupedAUCByClicks),
            ("GAUC by users", "gauc_by_users", groupedAUCByUsers),
            ("log loss", "log_loss", logLoss),
            ("normalized entropy", "normalized_entropy", normalizedEntropy),
            ("PCOC", "pcoc", calibration),
        ]
    }
}
