/// A request as rows of the embedding tables.
struct ResolvedInput: Sendable {
    var profile: EmbeddingRows
    var history: EmbeddingRows
    var candidates: EmbeddingRows
    var context: EmbeddingRows
    var unknownIDs: [UnknownIDs]
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

    private func resolve(
        _ role: FeatureRole, _ columns: [FeatureColumn], _ unknown: inout [UnknownIDs]
    ) throws(ScoringError) -> EmbeddingRows {
        let resolver = RoleResolver(
            role: role, features: configuration.features(role), vocabulary: vocabulary,
            limit: role == .history ? configuration.maxHistory : .max)
        return try resolver.resolve(columns, &unknown)
    }
}
