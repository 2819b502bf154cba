public import Datasets
public import Experiment

/// Samples, what became of them, and what each model says of them: all that a judgement goes by, wherever they came from.
public struct ScoredSamples: Sendable, Equatable {
    /// The models' names.
    public var names: [String]
    /// One list of probabilities a model.
    public var scores: [[Float]]
    /// Whether each was clicked.
    public var labels: [Bool]
    /// The user of each: samples of one user are not independent.
    public var users: [Int]
    /// Behaviours before each sample's target, those that a model leaves out too.
    public var lengths: [Int]
    /// The request of each sample; nil where neighbours of one user and as many behaviours are one.
    public var places: [Place]?
    /// The share of each sample's identifiers that one model does not know: of the one that knows less.
    public var unknownShares: [Float]

    /// Where a sample stood.
    public struct Place: Sendable, Equatable {
        /// The number of its request; samples of one request are neighbours.
        public var request: Int
        /// How many candidates the request had, also those that are no samples.
        public var candidates: Int

        /// A place in that request.
        public init(request: Int, candidates: Int) {
            self.request = request
            self.candidates = candidates
        }
    }

    /// Samples with the models' scores. Precondition: one value a sample; unknown shares of 0 where none are given.
    public init(
        names: [String], scores: [[Float]], labels: [Bool], users: [Int], lengths: [Int],
        unknownShares: [Float]? = nil, places: [Place]? = nil
    ) {
        self.names = names
        self.scores = scores
        self.labels = labels
        self.users = users
        self.lengths = lengths
        self.places = places
        self.unknownShares = unknownShares ?? [Float](repeating: 0, count: labels.count)
    }

    /// A split of a data set, scored by each model in turn; throws for an empty one. `progress` is told of the model, of
    /// samples done and of their total, on any thread.
    public init(
        _ models: [NamedModel], _ dataset: Dataset, _ split: DatasetSplit,
        progress: @Sendable (_ model: String, _ done: Int, _ total: Int) -> Void = { _, _, _ in }
    ) async throws {
        let samples = dataset.samples(split)
        guard samples.count > 0 else { throw OfflineEvaluationError.emptySplit(split.rawValue) }
        let indices = 0..<samples.count
        self.init(
            names: models.map(\.name), scores: [], labels: indices.map { samples.label($0) > 0 },
            users: indices.map { samples.user($0) }, lengths: indices.map { samples.length($0) })
        for model in models {
            let scored = try await SplitScorer(model, dataset, split).scores { done, total in
                progress(model.name, done, total)
            }
            scores.append(scored.probabilities)
            unknownShares = zip(unknownShares, scored.unknownShares).map(max)
        }
    }

    /// The part of them in which `isIncluded`.
    func filter(_ isIncluded: (Int) -> Bool) -> ScoredSamples {
        let kept = labels.indices.filter(isIncluded)
        return ScoredSamples(
            names: names, scores: scores.map { scores in kept.map { scores[$0] } },
            labels: kept.map { labels[$0] }, users: kept.map { users[$0] }, lengths: kept.map { lengths[$0] },
            unknownShares: kept.map { unknownShares[$0] },
            places: places.map { places in kept.map { places[$0] } })
    }

    /// The users as groups.
    public var groups: SampleGroups { SampleGroups(users) }

    /// The scores of one model beside the labels.
    public func samples(_ model: Int) throws(MetricError) -> LabelledScores {
        try LabelledScores(scores[model], labels: labels)
    }

    /// Candidates that stood beside each other.
    var requests: [Range<Int>] {
        var ranges: [Range<Int>] = []
        var start = 0
        for index in labels.indices.dropFirst() + [labels.count] {
            guard index < labels.count, isOneRequest(start, index) else {
                if start < index { ranges.append(start..<index) }
                start = index
                continue
            }
        }
        return ranges
    }

    private func isOneRequest(_ one: Int, _ other: Int) -> Bool {
        if let places { return places[one].request == places[other].request }
        return users[one] == users[other] && lengths[one] == lengths[other]
    }

    /// How near the scores of two models are; nil of one.
    var agreement: ScoreAgreement? {
        guard scores.count == 2 else { return nil }
        return ScoreAgreement(scores[0], scores[1], groups: groups, requests: requests)
    }

    /// The samples of which two models differ most, by |Δp|, at most one a user. Precondition: two models.
    func largestDisagreements(_ limit: Int) -> [Int] {
        let distances = zip(scores[0], scores[1]).map { abs($1 - $0) }
        let order = distances.indices.sorted {
            distances[$0] != distances[$1] ? distances[$0] > distances[$1] : $0 < $1
        }
        var seen: Set<Int> = []
        var largest: [Int] = []
        for sample in order where largest.count < limit && seen.insert(users[sample]).inserted {
            largest.append(sample)
        }
        return largest
    }
}
