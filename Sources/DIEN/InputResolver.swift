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
    let vocabulary: Vocabulary
    private let profile: RoleResolver
    private let history: RoleResolver
    private let candidates: RoleResolver
    private let context: RoleResolver

    init(_ configuration: ModelConfiguration, _ vocabulary: Vocabulary) {
        self.vocabulary = vocabulary
        profile = RoleResolver(.profile, configuration, vocabulary)
        history = RoleResolver(.history, configuration, vocabulary)
        candidates = RoleResolver(.candidates, configuration, vocabulary)
        context = RoleResolver(.context, configuration, vocabulary)
    }

    func resolve(_ input: RankingInput) throws(ScoringError) -> ResolvedInput {
        var unknown: [UnknownIDs] = []
        let profile = try profile.resolve(input.profile, &unknown)
        let history = try history.resolve(input.history, &unknown)
        let candidates = try candidates.resolve(input.candidates, &unknown)
        let context = try context.resolve(input.context, &unknown)
        return ResolvedInput(
            profile: profile, history: history, candidates: candidates, context: context, unknownIDs: unknown)
    }

    /// The history alone.
    func resolveHistory(_ columns: [FeatureColumn]) throws(ScoringError) -> ResolvedInput {
        var unknown: [UnknownIDs] = []
        let none = EmbeddingRows(count: 0, features: [])
        return ResolvedInput(
            profile: none, history: try history.resolve(columns, &unknown), candidates: none, context: none,
            unknownIDs: unknown)
    }
}
