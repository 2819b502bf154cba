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
    let maxHistory: Int

    /// Takes every tensor; throws for one that is missing, left over, misshapen or not finite.
    init(
        _ parameters: consuming ModelParameters, _ configuration: ModelConfiguration, _ kernels: Kernels
    ) throws(ModelError) {
        embeddings = try Embeddings(&parameters, configuration)
        interest = try Interest(&parameters, configuration)
        head = try Head(&parameters, configuration)
        wide = configuration.architecture == .wideDeep ? try WidePart(&parameters, configuration) : nil
        self.kernels = kernels
        stepColumns = StepColumns(configuration)
        maxHistory = configuration.maxHistory
        try parameters.finish()
    }

    /// Scores the candidates of one block, into `workspace.logits` [block, 1]: z0 - z1, class 0 being the click.
    func score(
        _ input: ResolvedInput, _ block: Range<Int>, of state: UserState, _ workspace: inout Workspace
    ) {
        embeddings.vectors(of: input.candidates, block, into: &workspace.targets)  // [N, D]
        interest.forward(state.matrices, kernels, &workspace)
        embeddings.vectors(of: input.profile, 0..<input.profile.count, into: &workspace.profile)
        embeddings.vectors(of: input.context, 0..<input.context.count, into: &workspace.context)
        head.logits(state.sum, kernels, &workspace)
        wide?.add(state.sum, kernels, &workspace)
    }

    /// The click probability of every candidate; throws `nonFinite` alone.
    func probabilities(
        _ input: ResolvedInput, of state: UserState, _ workspace: inout Workspace
    ) throws(ScoringError) -> [Float] {
        var probabilities: [Float] = []
        probabilities.reserveCapacity(input.candidates.count)
        for first in stride(from: 0, to: input.candidates.count, by: Self.blockCandidates) {
            let block = first..<min(first + Self.blockCandidates, input.candidates.count)
            score(input, block, of: state, &workspace)
            kernels.sigmoid(&workspace.logits)
            for n in 0..<block.count {
                let probability = workspace.logits[n, 0]
                guard probability.isFinite else { throw .nonFinite(candidate: first + n) }
                probabilities.append(probability)
            }
        }
        return probabilities
    }
}
