internal import Tensors

/// What a history says about each candidate: the part in which the families of model differ.
enum Interest: Sendable {
    /// Nothing beyond its sum: base, wide and deep, PNN.
    case sum
    /// The behaviours weighed by attention: DIN.
    case pooled(Attention)
    /// Interests extracted by a GRU, and evolved towards the target.
    case evolving(InterestExtractor, InterestEvolution)

    init(_ parameters: inout ModelParameters, _ configuration: ModelConfiguration) throws(ModelError) {
        switch configuration.architecture {
        case .base, .wideDeep, .pnn: self = .sum
        case .din: self = .pooled(try Attention(&parameters, configuration))
        case .gruAttention, .aigru, .agru, .augru, .dien:
            self = .evolving(
                try InterestExtractor(&parameters, configuration),
                try InterestEvolution(&parameters, configuration))
        }
    }

    /// How it looks at the history; nil: not at all.
    var attention: Attention? {
        switch self {
        case .sum: nil
        case .pooled(let attention): attention
        case .evolving(_, let evolution): evolution.attention
        }
    }

    /// What a block's history is to its candidates, by their queries: attention [B, T] and what it makes of the history,
    /// `workspace.interest` [B, interestSize].
    func forward(_ parts: [BlockPart], _ kernels: Kernels, _ workspace: inout Workspace) {
        let count = workspace.candidates.targets.rows
        workspace.interest.resize(rows: count, columns: 0)
        workspace.attention.resize(rows: count, columns: attention == nil ? 0 : parts[0].user.steps)
        guard let attention else { return }
        var first = 0
        for part in parts {
            workspace.userQueries.resize(
                rows: part.candidates.count, columns: workspace.candidates.queries.columns)
            workspace.userQueryParts.resize(
                rows: part.candidates.count, columns: workspace.candidates.queryParts.columns)
            kernels.copyPart(of: workspace.candidates.queries, row: first, into: &workspace.userQueries)
            kernels.copyPart(of: workspace.candidates.queryParts, row: first, into: &workspace.userQueryParts)
            attention.weigh(part.user, kernels, &workspace)
            kernels.copy(workspace.userAttention, into: &workspace.attention, row: first)
            if pool(part.user, kernels, &workspace) {
                workspace.interest.resize(rows: count, columns: workspace.userInterest.columns)
                kernels.copy(workspace.userInterest, into: &workspace.interest, row: first)
            }
            first += part.candidates.count
        }
        if case .evolving(_, let evolution) = self { evolution.evolve(parts, kernels, &workspace) }
    }

    /// Of one user's attention the facts that it weighs, `workspace.userInterest` [n, ·]; false where attention leads a GRU
    /// over them, which takes all users together.
    private func pool(_ user: UserState, _ kernels: Kernels, _ workspace: inout Workspace) -> Bool {
        if case .evolving(_, let evolution) = self, evolution.attentionCell != nil { return false }
        kernels.product(workspace.userAttention, user.facts, into: &workspace.userInterest)
        return true
    }
}
