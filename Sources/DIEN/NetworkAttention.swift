internal import Tensors

/// The attention of the authors' program: a network over [q, f, q - f, q ∘ f] of a query q and a fact f, both [F] wide.
///
/// With GRU states as facts the query is a projection of the target, with behaviours (DIN) the target itself.
/// The first layer is split by what each part depends on, with W1 = [A, B, C, D] one block an operand:
/// W1 z + b1 = ((A + C) q + b1) + (B - C) f + D (q ∘ f). Only the last part belongs to a pair.
/// Both layers with a sigmoid, and so the parts, are scaled by ``ActivationScale``.
final class NetworkAttention: Sendable {
    private let projection: QueryProjection?
    private let queryPart: Dense  // [F] → [A1]
    private let keyPart: Dense  // [F] → [A1]
    private let network: AttentionNetwork

    init(_ parameters: inout ModelParameters, _ configuration: ModelConfiguration) throws(ModelError) {
        let width = configuration.interestSize
        let first = configuration.attentionHidden[0]
        let second = configuration.attentionHidden[1]
        projection =
            configuration.architecture.isRecurrent ? try QueryProjection(&parameters, configuration) : nil
        func scale(_ count: Int) -> [Float] { [Float](repeating: ActivationScale.sigmoid, count: count) }
        func bias(_ layer: Int, _ count: Int) throws(ModelError) -> [Float] {
            zip(try parameters.vector("attention.\(layer).bias", count: count), scale(count)).map(*)
        }
        let weight = try parameters.matrix("attention.0.weight", outputs: first, inputs: 4 * width)
            .scaled(by: scale(first))
        let precision = parameters.precision
        let blocks = (0..<4).map { weight.inputs($0 * width..<($0 + 1) * width) }
        queryPart = Dense(blocks[0] + blocks[2], bias: try bias(0, first))
        keyPart = Dense(blocks[1] - blocks[2])
        network = AttentionNetwork(
            product: blocks[3].packed(precision),
            second: try parameters.matrix("attention.1.weight", outputs: second, inputs: first)
                .scaled(by: scale(second)).packed(precision),
            secondBias: PackedVector(try bias(1, second)),
            score: PackedVector(
                try parameters.matrix("attention.2.weight", outputs: 1, inputs: second).values),
            scoreBias: try parameters.vector("attention.2.bias", count: 1)[0])
    }

    /// Facts [k, F] → their part of the first layer, [k, A1].
    func project(facts: borrowing Matrix, _ kernels: Kernels, into keyParts: inout Matrix) {
        keyPart(facts, kernels, into: &keyParts)
    }

    /// Targets [N, D] → queries [N, F] and their part of the first layer [N, A1].
    func project(
        targets: borrowing Matrix, _ kernels: Kernels, into queries: inout Matrix, parts: inout Matrix
    ) {
        if let projection {
            projection(targets, kernels, into: &queries)
        } else {
            queries.resize(rows: targets.rows, columns: targets.columns)
            kernels.copy(targets, into: &queries)
        }
        queryPart(queries, kernels, into: &parts)
    }

    /// Scores into `workspace.userAttention` [n, T].
    func score(_ user: UserState, _ kernels: Kernels, _ workspace: inout Workspace) {
        workspace.userAttention.resize(rows: workspace.userQueries.rows, columns: user.steps)
        kernels.attentionScores(
            network, queries: workspace.userQueries, queryParts: workspace.userQueryParts, facts: user.facts,
            keyParts: user.keyParts, into: &workspace.userAttention, scratch: &workspace.scratch)
    }
}

/// The query of a target, q = PReLU(Q e + b): as wide as the states that it is compared with.
struct QueryProjection: Sendable {
    private let dense: Dense  // [D] → [H]
    private let alpha: PackedVector  // [H]

    init(_ parameters: inout ModelParameters, _ configuration: ModelConfiguration) throws(ModelError) {
        let hidden = configuration.hiddenSize
        dense = Dense(
            try parameters.matrix("attention.query.weight", outputs: hidden, inputs: configuration.itemSize),
            bias: try parameters.vector("attention.query.bias", count: hidden))
        alpha = PackedVector(try parameters.vector("attention.query_prelu.alpha", count: hidden))
    }

    /// [N, D] → [N, H].
    func callAsFunction(_ targets: borrowing Matrix, _ kernels: Kernels, into queries: inout Matrix) {
        dense(targets, kernels, into: &queries)
        kernels.prelu(&queries, alpha: alpha)
    }
}
