/// A request as rows of the embedding tables of the model that resolved it: all of them exist.
public struct ResolvedInput: Sendable {
    var profile: EmbeddingRows
    var history: EmbeddingRows
    var candidates: EmbeddingRows
    var context: EmbeddingRows
    /// Columns with identifiers that the model does not know.
    public internal(set) var unknownIDs: [UnknownIDs]

    /// How many behaviours count: the last `max_history` of those sent.
    public var historyLength: Int { history.count }
    /// How many candidates there are.
    public var candidateCount: Int { candidates.count }
}

/// Checks a request against the configuration and maps its identifiers to rows.
struct InputResolver: Sendable {
    let configuration: ModelConfiguration
    let vocabulary: Vocabulary

    func resolve(_ input: RankingInput) throws(ScoringError) -> ResolvedInput {
        var unknown: [UnknownIDs] = []
        let profile = try resolve(.profile, input.profile, &unknown)
        let history = try resolve(.history, input.history, &unknown)
        let candidates = try resolve(.candidates, input.candidates, &unknown)
        let context = try resolve(.context, input.context, &unknown)
        return ResolvedInput(
            profile: profile, history: history, candidates: candidates, context: context, unknownIDs: unknown)
    }

    /// The history alone.
    func resolveHistory(_ columns: [FeatureColumn]) throws(ScoringError) -> ResolvedInput {
        var unknown: [UnknownIDs] = []
        let none = EmbeddingRows(count: 0, features: [])
        return ResolvedInput(
            profile: none, history: try resolve(.history, columns, &unknown), candidates: none, context: none,
            unknownIDs: unknown)
    }

    private func resolve(
        _ role: FeatureRole, _ columns: [FeatureColumn], _ unknown: inout [UnknownIDs]
    ) throws(ScoringError) -> EmbeddingRows {
        let resolver = RoleResolver(
            role: role, features: configuration.features(role), vocabulary: vocabulary,
            limit: role == .history ? configuration.maxHistory : .max)
        return try resolver.resolve(columns, &unknown)
    }
}
