internal import Tensors

/// A request as rows of embedding tables rather than identifiers: what a prepared data set holds.
public struct RankingRows: Sendable, Equatable {
    /// One row a profile feature, in the order of the configuration.
    public var profile: [Int]
    /// One list a history feature, the oldest behaviour first; the last `max_history` are used.
    public var history: [[Int]]
    /// One list a candidate feature.
    public var candidates: [[Int]]
    /// One row a context feature.
    public var context: [Int]

    /// A request of these rows.
    public init(profile: [Int], history: [[Int]], candidates: [[Int]], context: [Int] = []) {
        self.profile = profile
        self.history = history
        self.candidates = candidates
        self.context = context
    }
}

extension Model {
    /// The click probability of every candidate, as ``score(_:)`` gives it for identifiers of these rows: same bits.
    /// Precondition: one row or list a feature, lists of one role of one length, every row inside its table.
    public func score(_ rows: RankingRows) throws(ScoringError) -> [Float] {
        try probabilities(resolved(rows))
    }

    func resolved(_ rows: RankingRows) throws(ScoringError) -> ResolvedInput {
        let input = ResolvedInput(
            profile: embeddingRows(.profile, rows.profile.map { [$0] }, last: 1),
            history: embeddingRows(.history, rows.history, last: configuration.maxHistory),
            candidates: embeddingRows(.candidates, rows.candidates, last: .max),
            context: embeddingRows(.context, rows.context.map { [$0] }, last: 1), unknownIDs: [])
        guard input.candidates.count > 0 else { throw .noCandidates }
        return input
    }

    /// The row of each identifier in a table of the configuration, 0 where it is unknown; nil where identifiers are of
    /// the other kind. Precondition: the configuration has the table.
    public func rows(of identifiers: FeatureColumn.Values, in table: String) -> [Int]? {
        let vocabulary = resolver.vocabulary[configuration.index(ofTable: table)]
        return vocabulary.positions(of: identifiers, last: identifiers.count).map(vocabulary.rows)
    }

    private func embeddingRows(_ role: FeatureRole, _ lists: [[Int]], last limit: Int) -> EmbeddingRows {
        let features = configuration.features(role)
        precondition(lists.count == features.count, "one list a feature")
        let count = min(lists.first?.count ?? 0, limit)
        var result = EmbeddingRows(count: count, features: [])
        for (feature, list) in zip(features, lists) {
            precondition(list.count == lists[0].count, "lists of one role have one length")
            let table = configuration.index(ofTable: feature.table)
            let rows = Array(list.suffix(count))
            let known = 0..<configuration.tables[table].rows
            precondition(rows.allSatisfy { known.contains($0) }, "a row outside its table")
            result.features.append((table, rows))
        }
        return result
    }
}
