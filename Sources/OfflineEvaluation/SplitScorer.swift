public import DIEN
public import Datasets
internal import Foundation
internal import Synchronization

/// Scores a split of a data set by the engine that serves, on all cores.
///
/// Neighbouring samples of one user and one history are one request with several candidates; a score has the same bits
/// either way, so neither that nor the number of cores is seen in the figures.
public struct SplitScorer: Sendable {
    /// The model.
    public let model: NamedModel
    let samples: Samples
    private let profile, history, candidates: [RowTranslation.Column]

    /// Throws where the data set lacks a feature of the model.
    public init(_ model: NamedModel, _ dataset: Dataset, _ split: DatasetSplit) throws {
        let translation = try RowTranslation(dataset, model)
        let configuration = model.model.configuration
        let description = dataset.description
        func columns(
            _ role: FeatureRole, _ columns: [DatasetDescription.Feature]
        ) throws -> [RowTranslation.Column] {
            try translation.columns(
                role.rawValue, configuration.features(role), in: columns, model: model.name)
        }
        profile = try columns(.profile, description.profile)
        history = try columns(.history, description.history)
        candidates = try columns(.candidates, description.candidates)
        _ = try columns(.context, [])
        self.model = model
        samples = dataset.samples(split)
    }

    /// Samples that one core takes at a time.
    private static let chunk = 256

    /// What the cores share: the next chunk to take, samples done, and what came of each chunk.
    private final class Work: Sendable {
        let next = Atomic(0)
        let done = Atomic(0)
        let scores: Mutex<[SampleScores]>

        init(chunks: Int) { scores = Mutex([SampleScores](repeating: SampleScores(), count: chunks)) }
    }

    /// The scores of all samples, in the split's order. `progress` is told of samples done and of their total, on any thread.
    public func scores(
        progress: @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) async throws -> SampleScores {
        let chunks = (samples.count + Self.chunk - 1) / Self.chunk
        let work = Work(chunks: chunks)
        let cores = ProcessInfo.processInfo.activeProcessorCount
        try await withoutActuallyEscaping(progress) { progress in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<min(cores, chunks) {
                    group.addTask { try takeChunks(of: work, chunks, progress) }
                }
                try await group.waitForAll()
            }
        }
        return work.scores.withLock { $0.reduce(into: SampleScores()) { $0.append($1) } }
    }

    private func takeChunks(of work: Work, _ chunks: Int, _ progress: @Sendable (Int, Int) -> Void) throws {
        while !Task.isCancelled {
            let index = work.next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard index < chunks else { return }
            let range = index * Self.chunk..<min(samples.count, (index + 1) * Self.chunk)
            let scores = try scores(Array(range))
            work.scores.withLock { $0[index] = scores }
            progress(work.done.wrappingAdd(range.count, ordering: .relaxed).newValue, samples.count)
        }
    }

    /// Scores of some samples, in their order.
    func scores(_ indices: [Int]) throws -> SampleScores {
        var scores = SampleScores()
        for request in requests(indices) {
            scores.append(try model.model.score(request), unknown: request.unknownShares)
        }
        return scores
    }

    /// The requests that samples make, each of which has as many candidates as samples.
    public func requests(_ indices: [Int]) -> [RankingRows] {
        let columns = samples.columns(indices, maxHistory: model.model.configuration.maxHistory)
        var requests: [RankingRows] = []
        var begin = 0
        var before = -1
        for (place, index) in indices.enumerated() {
            let range = begin..<begin + columns.lengths[place]
            begin = range.upperBound
            let request = RankingRows(
                profile: profile.map { $0(columns.profile[$0.position][place]) },
                history: history.map { column in columns.history[column.position][range].map { column($0) } },
                candidates: candidates.map { [$0(columns.targets[$0.position][place])] })
            let user = samples.user(index)
            if user == before, let last = requests.last, last.history == request.history,
                last.profile == request.profile
            {
                for feature in candidates.indices {
                    requests[requests.count - 1].candidates[feature] += request.candidates[feature]
                }
            } else {
                requests.append(request)
            }
            before = user
        }
        return requests
    }
}

/// What a model says of samples.
public struct SampleScores: Sendable, Equatable {
    /// The probability of a click.
    public private(set) var probabilities: [Float] = []
    /// The share of a sample's identifiers that the model does not know.
    public private(set) var unknownShares: [Float] = []

    mutating func append(_ probabilities: [Float], unknown: [Float]) {
        self.probabilities += probabilities
        unknownShares += unknown
    }

    mutating func append(_ scores: SampleScores) {
        append(scores.probabilities, unknown: scores.unknownShares)
    }
}

extension RankingRows {
    /// For each candidate the share of the identifiers it is scored by that are on row 0, the one of unknown ones.
    var unknownShares: [Float] {
        func zeros(_ rows: [Int]) -> Int { rows.count { $0 == 0 } }
        let shared = profile.count + context.count + history.reduce(0) { $0 + $1.count }
        let sharedZeros = zeros(profile) + zeros(context) + history.reduce(0) { $0 + zeros($1) }
        return (0..<(candidates.first?.count ?? 0)).map { candidate in
            Float(sharedZeros + zeros(candidates.map { $0[candidate] })) / Float(shared + candidates.count)
        }
    }
}
