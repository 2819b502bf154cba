internal import Tensors

/// The published attention (arXiv 1809.03672, "Interest Evolving Layer"): score(h_t, e) = h_t W e.
final class BilinearAttention: Sendable {
    private let projection: Dense  // e [D] → W e [H]

    init(_ parameters: inout ModelParameters, _ configuration: ModelConfiguration) throws(ModelError) {
        projection = Dense(
            try parameters.matrix(
                "attention.weight", outputs: configuration.hiddenSize, inputs: configuration.itemSize))
    }

    /// Targets [N, D] → W e, [N, H].
    func project(targets: borrowing Matrix, _ kernels: Kernels, into queries: inout Matrix) {
        projection(targets, kernels, into: &queries)
    }

    /// Scores into `workspace.userAttention` [n, T]. The few queries are turned over, and then the scores, so that a user's
    /// states can stay in rows, to which a step is appended.
    func score(_ user: UserState, _ kernels: Kernels, _ workspace: inout Workspace) {
        kernels.transpose(workspace.userQueries, into: &workspace.transposedQueries)
        kernels.product(user.facts, workspace.transposedQueries, into: &workspace.transposedScores)
        kernels.transpose(workspace.transposedScores, into: &workspace.userAttention)
    }
}
