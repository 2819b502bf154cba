import Experiment
import Foundation

/// What `evaluate` prints.
struct EvaluationResult {
    /// A part of the split.
    struct Segment {
        /// For people, as `history 5-9`.
        let name: String
        let samples: Int
        let positives: Int
        /// One a model; nil where the part has one class.
        let evaluations: [Evaluation]?
        let comparison: EvaluationComparison?
    }

    let data: String
    let split: String
    let names: [String]
    let evaluations: [Evaluation]
    /// With two models.
    let comparison: EvaluationComparison?
    let segments: [Segment]

    init(_ scored: ScoredSplit, data: String, split: String, isSegmented: Bool) throws {
        self.data = data
        self.split = split
        names = scored.names
        let groups = scored.groups
        evaluations = try scored.names.indices.map { try Evaluation(scored.samples($0), groups: groups) }
        comparison =
            scored.names.count == 2
            ? try EvaluationComparison(scored.samples(0), scored.samples(1), groups: groups) : nil
        segments = isSegmented ? try Self.segments(scored) : []
    }

    /// The first length of each segment by history.
    private static let limits = [0, 1, 5, 10, 20, 50]

    private static func segments(_ scored: ScoredSplit) throws -> [Segment] {
        try limits.indices.compactMap { index in
            let isLast = index == limits.count - 1
            let end = isLast ? Int.max : limits[index + 1]
            let part = scored.filter { (limits[index]..<end).contains(scored.lengths[$0]) }
            guard !part.labels.isEmpty else { return nil }
            let range =
                isLast
                ? "\(limits[index])+"
                : end - limits[index] == 1 ? "\(limits[index])" : "\(limits[index])-\(end - 1)"
            let positives = part.labels.count { $0 }
            let hasBoth = positives > 0 && positives < part.labels.count
            let groups = part.groups
            return Segment(
                name: "history \(range)", samples: part.labels.count, positives: positives,
                evaluations: hasBoth
                    ? try part.names.indices.map { try Evaluation(part.samples($0), groups: groups) } : nil,
                comparison: hasBoth && part.names.count == 2
                    ? try EvaluationComparison(part.samples(0), part.samples(1), groups: groups) : nil)
        }
    }
}

extension Evaluation {
    /// Its figures by name, in the order in which they are told. Nil where the samples do not give one.
    var figures: [(name: String, key: String, estimate: Estimate?)] {
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
    var tests: [(name: String, key: String, test: PairedTest?)] {
        [
            ("AUC", "auc", auc), ("GAUC by impressions", "gauc_by_impressions", groupedAUC),
            ("log loss", "log_loss", logLoss),
        ]
    }
}
