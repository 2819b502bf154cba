internal import DIEN
public import Datasets

extension ModelComparison {
    /// Two models on a split of a prepared data set: all samples are scored on all cores, then some requests are timed.
    ///
    /// Candidates of one request are neighbouring samples of one user that share a history.
    public static func ofSplit(
        _ first: NamedModel, _ second: NamedModel, _ dataset: Dataset, _ split: DatasetSplit, data: String,
        margins: ComparisonMargins = ComparisonMargins(), disagreements: Int = 5,
        progress: @Sendable (_ model: String, _ done: Int, _ total: Int) -> Void = { _, _, _ in }
    ) async throws -> ModelComparison {
        let models = [first, second]
        let scored = try await ScoredSamples(models, dataset, split, progress: progress)
        let scorers = try models.map { try SplitScorer($0, dataset, split) }
        let names = try DatasetIdentifiers(ofTargetsIn: dataset).names
        return try ModelComparison(
            scored, data: data, split: split.rawValue, margins: margins,
            latency: try ScoringLatency(scorers, requests: scored.requests), disagreements: disagreements
        ) { sample in
            try Disagreement(sample, scorers, names)
        }
    }
}

extension Disagreement {
    /// Explains a sample by both models. Precondition: two scorers of one split.
    init(_ sample: Int, _ scorers: [SplitScorer], _ names: [Int: String]) throws {
        let samples = scorers[0].samples
        let limit = scorers.map(\.model.model.configuration.maxHistory).max() ?? 0
        let history = samples.columns([sample], maxHistory: limit).history.first ?? []
        self.init(
            origin: .user(samples.user(sample)),
            target: samples.target(sample).first.flatMap { names[Int($0)] } ?? "unknown",
            isClicked: samples.label(sample) > 0, behaviours: history.map { names[Int($0)] ?? "unknown" },
            explained: try scorers.flatMap { scorer in
                try scorer.requests([sample]).flatMap { try scorer.model.model.explain($0) }
            })
    }
}
