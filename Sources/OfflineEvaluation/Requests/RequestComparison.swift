internal import DIEN
internal import Experiment

/// Two models on the requests of a log: how near their scores are; and where it is known what became of the candidates, which
/// of them is better.
public struct RequestComparison: Sendable {
    /// The log, as it was named.
    public let data: String
    /// Requests of the log.
    public let requests: Int
    /// Those that both models scored.
    public let compared: Int
    /// Those that cannot be read.
    public let unreadable: Int
    /// Those that each model cannot score, as one that lacks a feature of theirs.
    public let refused: [Int]
    /// For each model the requests that it answered then, and the share of them to which it says the same today, to the bit.
    public let repeated: [(requests: Int, equal: Int)]
    /// Over all candidates.
    public let scores: ScoreComparison
    /// Over the candidates that were shown; nil where nothing is known of any, or they are of one class.
    public let outcomes: ModelComparison?

    /// Scores every request by both models, then times some of them. Throws where no request can be scored by both.
    ///
    /// - Parameter progress: told of the model, of requests done and of their total, on any thread.
    public init(
        _ first: NamedModel, _ second: NamedModel, _ recorded: RecordedRequests, data: String,
        margins: ComparisonMargins = ComparisonMargins(),
        disagreements: Int = 5,
        progress: @Sendable (_ model: String, _ done: Int, _ total: Int) -> Void = { _, _, _ in }
    ) async throws {
        let models = [first, second]
        var found: [[RequestScorer.Outcome?]] = []
        for model in models {
            found.append(
                await RequestScorer(model: model, requests: recorded.requests).outcomes {
                    progress(model.name, $0, $1)
                })
        }
        let samples = RequestSamples(names: models.map(\.name), recorded.requests, found)
        guard !samples.all.labels.isEmpty else {
            throw OfflineEvaluationError.noCommonRequest(requests: recorded.requests.count)
        }
        self.data = data
        requests = recorded.requests.count + recorded.unreadable
        compared = samples.requests.count
        unreadable = recorded.unreadable
        refused = found.map { outcomes in outcomes.count { $0 == nil } }
        repeated = zip(models, found).map { model, outcomes in
            Self.repeated(by: model.digest, outcomes, recorded.requests)
        }
        let chosen = samples.requests.map { recorded.requests[$0] }
        let latency = try ScoringLatency(requests: chosen.count) { index in
            (chosen[index].scores.count, { _ = try models[$0].model.score(chosen[index].input) })
        }
        scores = try ScoreComparison(samples.all, latency: latency, disagreements: disagreements) { sample in
            try Disagreement(samples.positions[sample], recorded.requests, models)
        }
        let shown = samples.shown
        let clicks = shown.samples.labels.count { $0 }
        outcomes =
            clicks > 0 && clicks < shown.samples.labels.count
            ? try ModelComparison(
                shown.samples, data: data, split: "impressions", margins: margins, latency: latency,
                disagreements: disagreements
            ) { try Disagreement(shown.positions[$0], recorded.requests, models) } : nil
    }

    private static func repeated(
        by digest: String?, _ outcomes: [RequestScorer.Outcome?], _ requests: [RecordedRequests.Request]
    ) -> (requests: Int, equal: Int) {
        let own = zip(requests, outcomes).filter { $0.0.digest == digest }
        return (own.count, own.count { $0.0.scores == $0.1?.probabilities })
    }
}

/// The candidates of requests that both models scored, as samples.
struct RequestSamples {
    /// Where a sample stands: the number of its request, and its position in it.
    struct Position {
        let request, candidate: Int
        let isClicked: Bool?
    }

    /// Every candidate; labels mean nothing.
    private(set) var all: ScoredSamples
    private(set) var positions: [Position] = []
    /// Numbers of the requests.
    private(set) var requests: [Int] = []

    init(names: [String], _ recorded: [RecordedRequests.Request], _ found: [[RequestScorer.Outcome?]]) {
        all = ScoredSamples(
            names: names, scores: [[], []], labels: [], users: [], lengths: [], unknownShares: [], places: [])
        for (number, request) in recorded.enumerated() {
            guard let one = found[0][number], let two = found[1][number] else { continue }
            requests.append(number)
            let count = request.scores.count
            all.scores[0] += one.probabilities
            all.scores[1] += two.probabilities
            all.users += repeatElement(request.user, count: count)
            all.lengths += repeatElement(request.input.history.first?.values.count ?? 0, count: count)
            all.unknownShares += repeatElement(max(one.unknownShare, two.unknownShare), count: count)
            all.places? += repeatElement(
                ScoredSamples.Place(request: number, candidates: count), count: count)
            for candidate in 0..<count {
                let click = request.clicks[candidate]
                all.labels.append(click ?? false)
                positions.append(Position(request: number, candidate: candidate, isClicked: click))
            }
        }
    }

    /// The candidates that were shown.
    var shown: (samples: ScoredSamples, positions: [Position]) {
        let isShown = { self.positions[$0].isClicked != nil }
        return (all.filter(isShown), positions.indices.filter(isShown).map { positions[$0] })
    }
}

extension Disagreement {
    /// Explains a candidate of a request by both models.
    fileprivate init(
        _ position: RequestSamples.Position, _ requests: [RecordedRequests.Request], _ models: [NamedModel]
    ) throws {
        let request = requests[position.request]
        var input = request.input
        input.candidates = input.candidates.map { column in
            switch column.values {
            case .ids(let ids): FeatureColumn(name: column.name, values: .ids([ids[position.candidate]]))
            case .strings(let strings):
                FeatureColumn(name: column.name, values: .strings([strings[position.candidate]]))
            }
        }
        let limit = models.map(\.model.configuration.maxHistory).max() ?? 0
        let behaviours = input.history.first.map { column in
            (0..<column.values.count).suffix(limit).map { column.values.text($0) }
        }
        self.init(
            origin: .request(request.id), target: input.candidates.first?.values.text(0) ?? "unknown",
            isClicked: position.isClicked, behaviours: behaviours ?? [],
            explained: try models.flatMap { try $0.model.explain(input).candidates })
    }
}
