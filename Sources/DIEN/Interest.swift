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

    /// The candidates' side, of `workspace.targets` [N, D]: attention [N, T] and what it makes of the history,
    /// `workspace.interest` [N, interestSize].
    func forward(_ steps: borrowing StepMatrices, _ kernels: Kernels, _ workspace: inout Workspace) {
        guard let attention else {
            workspace.attention.resize(rows: workspace.targets.rows, columns: 0)
            workspace.interest.resize(rows: workspace.targets.rows, columns: 0)
            return
        }
        attention.project(
            targets: workspace.targets, kernels, into: &workspace.queries, parts: &workspace.queryParts)
        attention.weigh(steps, kernels, &workspace)
        if case .evolving(_, let evolution) = self {
            evolution.evolve(steps, kernels, &workspace)
        } else {
            kernels.product(workspace.attention, steps.facts, into: &workspace.interest)
        }
    }
}
