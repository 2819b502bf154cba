import DIEN
import Datasets
import Foundation
import Synchronization
import Terminal

/// Scores a split of a data set by the engine that serves, on all cores.
///
/// Neighbouring samples of one user and one history are one request with several candidates; a score has the same bits
/// either way, so neither that nor the number of cores is seen in the figures.
struct SplitScorer: Sendable {
    let model: NamedModel
    private let samples: Samples
    private let profile, history, candidates: [RowTranslation.Column]

    init(_ model: NamedModel, _ dataset: Dataset, _ split: DatasetSplit) throws {
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
        let scores: Mutex<[[Float]]>

        init(chunks: Int) { scores = Mutex([[Float]](repeating: [], count: chunks)) }
    }

    /// The probability of each sample, in the split's order.
    func probabilities() async throws -> [Float] {
        let chunks = (samples.count + Self.chunk - 1) / Self.chunk
        let work = Work(chunks: chunks)
        let cores = ProcessInfo.processInfo.activeProcessorCount
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<min(cores, chunks) {
                group.addTask { try takeChunks(of: work, chunks) }
            }
            try await group.waitForAll()
        }
        return work.scores.withLock { $0.flatMap(\.self) }
    }

    private func takeChunks(of work: Work, _ chunks: Int) throws {
        while !Task.isCancelled {
            let index = work.next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard index < chunks else { return }
            let range = index * Self.chunk..<min(samples.count, (index + 1) * Self.chunk)
            let scores = try scores(Array(range))
            work.scores.withLock { $0[index] = scores }
            show(work.done.wrappingAdd(range.count, ordering: .relaxed).newValue)
        }
    }

    /// Scores of some samples, in their order.
    func scores(_ indices: [Int]) throws -> [Float] {
        var scores: [Float] = []
        for request in requests(indices) { scores += try model.model.score(request) }
        return scores
    }

    /// The requests that samples make, each of which has as many candidates as samples.
    func requests(_ indices: [Int]) -> [RankingRows] {
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

    private func show(_ done: Int) {
        let (done, total) = (UInt64(done), UInt64(samples.count))
        ProgressBar.shared.show("scores of \(model.name)", done: done, total: total) { seconds in
            "\(done) of \(total) samples  \(Int(Double(done) / max(seconds, 0.001)))/s  "
                + "\(ProgressBar.timeLeft(done: done, total: total, seconds: seconds)) left  \(model.name)"
        }
    }
}
