internal import Tensors

/// A model ready to compute: every layer with packed weights, built once at load, immutable.
///
/// A request is computed in two parts: what depends on the user's history alone becomes a ``UserState``, and blocks of
/// candidates are scored against it. Both work in a ``Workspace``.
struct ScoringPlan: Sendable {
    /// The most candidates that are scored side by side: four blocks of the attention GRU's rows.
    static let blockCandidates = 4 * Kernels.candidateRows
    /// The most steps of a history that are computed at once.
    static let blockSteps = 128

    let embeddings: Embeddings
    let interest: Interest
    let head: Head
    let wide: WidePart?
    let kernels: Kernels
    let stepColumns: StepColumns
    let candidateColumns: CandidateColumns
    let maxHistory: Int
    /// What is kept of candidates; nil: nothing.
    let candidateCache: CandidateCache?

    /// Takes every tensor; throws for one that is missing, left over, misshapen or not finite.
    init(
        _ parameters: consuming ModelParameters, _ configuration: ModelConfiguration, _ kernels: Kernels,
        keeping candidates: CandidateLimits = CandidateLimits()
    ) throws(ModelError) {
        embeddings = try Embeddings(&parameters, configuration)
        interest = try Interest(&parameters, configuration)
        head = try Head(&parameters, configuration)
        wide = configuration.architecture == .wideDeep ? try WidePart(&parameters, configuration) : nil
        self.kernels = kernels
        stepColumns = StepColumns(configuration)
        candidateColumns = CandidateColumns(configuration)
        candidateCache = CandidateCache(candidates, candidateColumns)
        maxHistory = configuration.maxHistory
        try parameters.finish()
    }

    /// The click probabilities of the candidates of one block, `workspace.logits` [B, 1]; parts as in ``forward(_:_:)``.
    func score(_ parts: [BlockPart], _ workspace: inout Workspace) {
        forward(parts, &workspace)
        kernels.sigmoid(&workspace.logits)
    }

    /// The forward pass of the candidates of one block, into `workspace.logits` [B, 1]: z0 - z1, class 0 being the click.
    ///
    /// Its parts, at least one, stand with the longest history first. The bits of a candidate's logit do not depend on what
    /// else is in the block.
    func forward(_ parts: [BlockPart], _ workspace: inout Workspace) {
        fillCandidates(parts, &workspace)
        interest.forward(parts, kernels, &workspace)
        wide?.forward(parts, kernels, &workspace)
        head.logits(parts, embeddings, kernels, &workspace)
        if wide != nil { kernels.add(workspace.wide, into: &workspace.logits) }
    }

    /// The click probability of every candidate; throws `nonFinite` alone.
    func probabilities(
        _ input: ResolvedInput, of state: UserState, _ workspace: inout Workspace
    ) throws(ScoringError) -> [Float] {
        var scored = ScoredCandidates()
        for block in blocks(of: input.candidates) {
            score([BlockPart(input: input, candidates: block, user: state)], &workspace)
            try scored.append(block, row: 0, of: workspace, steps: state.steps, topAttention: 0)
        }
        return scored.probabilities
    }

    /// The candidates as blocks of at most `size`.
    func blocks(of candidates: EmbeddingRows, size: Int = blockCandidates) -> [Range<Int>] {
        stride(from: 0, to: candidates.count, by: size).map { $0..<min($0 + size, candidates.count) }
    }
}
