internal import Tensors

/// How much each interest matters to each candidate: a_t, the softmax over the steps of a score of the
/// step's fact (a GRU state, or in DIN a behaviour) and the candidate.
enum Attention: Sendable {
    /// Preset paper.
    case bilinear(BilinearAttention)
    /// Preset reference.
    case network(NetworkAttention)

    init(_ parameters: inout ModelParameters, _ configuration: ModelConfiguration) throws(ModelError) {
        if configuration.architecture.hasAttentionNetwork(configuration.preset) {
            self = .network(try NetworkAttention(&parameters, configuration))
        } else {
            self = .bilinear(try BilinearAttention(&parameters, configuration))
        }
    }

    /// What depends on the facts [k, F] alone, [k, A1]; nothing in preset paper.
    func project(facts: borrowing Matrix, _ kernels: Kernels, into keyParts: inout Matrix) {
        if case .network(let attention) = self { attention.project(facts: facts, kernels, into: &keyParts) }
    }

    /// What depends on the targets [N, D] alone: queries [N, F], and their part [N, A1] of the network's first layer.
    func project(
        targets: borrowing Matrix, _ kernels: Kernels, into queries: inout Matrix, parts: inout Matrix
    ) {
        switch self {
        case .bilinear(let attention):
            attention.project(targets: targets, kernels, into: &queries)
            parts.resize(rows: targets.rows, columns: 0)
        case .network(let attention):
            attention.project(targets: targets, kernels, into: &queries, parts: &parts)
        }
    }

    /// Of one user's queries in the workspace → `workspace.userAttention` [n, T], each row of which adds up to 1.
    func weigh(_ user: UserState, _ kernels: Kernels, _ workspace: inout Workspace) {
        switch self {
        case .bilinear(let attention): attention.score(user, kernels, &workspace)
        case .network(let attention): attention.score(user, kernels, &workspace)
        }
        kernels.softmax(&workspace.userAttention)
    }
}
