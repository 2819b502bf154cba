internal import Tensors

/// The attention of the authors' program: a network over [q, f, q - f, q ∘ f] of a query q and a fact f, both [F] wide.
///
/// With GRU states as facts the query is a projection of the target, with behaviours (DIN) the target itself.
/// The first layer is split by what each part depends on, with W1 = [A, B, C, D] one block an operand:
/// W1 z + b1 = ((A + C) q + b1) + (B - C) f + D (q ∘ f). Only the last part belongs to a pair.
struct NetworkAttention: Sendable {
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
        let weight = try parameters.matrix("attention.0.weight", outputs: first, inputs: 4 * width)
        let blocks = (0..<4).map { weight.inputs($0 * width..<($0 + 1) * width) }
        queryPart = Dense(
            blocks[0] + blocks[2], bias: try parameters.vector("attention.0.bias", count: first))
        keyPart = Dense(blocks[1] - blocks[2])
        network = AttentionNetwork(
            product: blocks[3].packed,
            second: try parameters.matrix("attention.1.weight", outputs: second, inputs: first).packed,
            secondBias: PackedVector(try parameters.vector("attention.1.bias", count: second)),
            score: PackedVector(
                try parameters.matrix("attention.2.weight", outputs: 1, inputs: second).values),
            scoreBias: try parameters.vector("attention.2.bias", count: 1)[0])
    }

    /// Targets [N, D], facts [T, F] → scores [N, T].
    func score(
        _ targets: borrowing Matrix, _ facts: borrowing Matrix, _ kernels: Kernels, into scores: inout Matrix
    ) {
        if let projection {
            score(queries: projection(targets, kernels), facts, kernels, into: &scores)
        } else {
            score(queries: targets, facts, kernels, into: &scores)
        }
    }

    private func score(
        queries: borrowing Matrix, _ facts: borrowing Matrix, _ kernels: Kernels, into scores: inout Matrix
    ) {
        var scratch = KernelScratch()
        kernels.attentionScores(
            network, queries: queries, queryParts: queryPart(queries, kernels), facts: facts,
            keyParts: keyPart(facts, kernels), into: &scores, scratch: &scratch)
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
    func callAsFunction(_ targets: borrowing Matrix, _ kernels: Kernels) -> Matrix {
        var queries = dense(targets, kernels)
        kernels.prelu(&queries, alpha: alpha)
        return queries
    }
}
