internal import Tensors

/// The attention of the authors' program: a network over [q, h, q - h, q ∘ h], with q a projection of the target.
///
/// Its first layer is split by what each part depends on, with W1 = [A, B, C, D] one block an operand:
/// W1 z + b1 = ((A + C) q + b1) + (B - C) h + D (q ∘ h). Only the last part belongs to a pair.
struct NetworkAttention: Sendable {
    private let query: Dense  // [D] → [H]
    private let queryAlpha: PackedVector  // [H], of the PReLU
    private let queryPart: Dense  // [H] → [A1]
    private let keyPart: Dense  // [H] → [A1]
    private let network: AttentionNetwork

    init(_ parameters: inout ModelParameters, _ configuration: ModelConfiguration) throws(ModelError) {
        let hidden = configuration.hiddenSize
        let first = configuration.attentionHidden[0]
        let second = configuration.attentionHidden[1]
        query = Dense(
            try parameters.matrix("attention.query.weight", outputs: hidden, inputs: configuration.itemSize),
            bias: try parameters.vector("attention.query.bias", count: hidden))
        queryAlpha = PackedVector(try parameters.vector("attention.query_prelu.alpha", count: hidden))

        let weight = try parameters.matrix("attention.0.weight", outputs: first, inputs: 4 * hidden)
        let blocks = (0..<4).map { weight.inputs($0 * hidden..<($0 + 1) * hidden) }
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

    /// Targets [N, D], interests [T, H] → scores [N, T].
    func score(
        _ targets: borrowing Matrix, _ interests: borrowing Matrix, _ kernels: Kernels,
        into scores: inout Matrix
    ) {
        var queries = query(targets, kernels)
        kernels.prelu(&queries, alpha: queryAlpha)
        kernels.attentionScores(
            network, queries: queries, queryParts: queryPart(queries, kernels), facts: interests,
            keyParts: keyPart(interests, kernels), into: &scores)
    }
}
