internal import CKernels

/// The attention network of the reference preset, its first layer split by what each part depends on:
/// score(q, f) = w3 · sigmoid(W2 sigmoid(key(f) + query(q) + product (q * f)) + b2) + b3.
/// Both layers with a sigmoid, and so the parts, are scaled by ``ActivationScale``.
public struct AttentionNetwork: Sendable {
    let product: PackedMatrix
    let second: PackedMatrix
    let secondBias: PackedVector
    let score: PackedVector
    let scoreBias: Float

    /// `product` is [A1, H], `second` [A2, A1] with its bias [A2], `score` [A2].
    public init(
        product: PackedMatrix, second: PackedMatrix, secondBias: PackedVector, score: PackedVector,
        scoreBias: Float
    ) {
        precondition(second.inputs == product.outputs, "the second layer takes the first")
        precondition(second.precision == product.precision, "one precision")
        precondition(secondBias.count == second.outputs && score.count == second.outputs, "one a channel")
        self.product = product
        self.second = second
        self.secondBias = secondBias
        self.score = score
        self.scoreBias = scoreBias
    }
}

extension Kernels {
    /// scores [N, T] of N queries [N, H] against T facts [T, H], given the parts of the first layer that depend on one
    /// of the two alone: `queryParts` [N, A1] (with the bias) and `keyParts` [T, A1].
    public func attentionScores(
        _ network: AttentionNetwork, queries: borrowing Matrix, queryParts: borrowing Matrix,
        facts: borrowing Matrix, keyParts: borrowing Matrix, into scores: inout Matrix,
        scratch: inout KernelScratch
    ) {
        let inputs = network.product.inputs
        let first = network.product.outputs
        let second = network.second.outputs
        precondition(queries.columns == inputs && facts.columns == inputs, "queries and facts are [.., H]")
        precondition(queryParts.columns == first && keyParts.columns == first, "parts are [.., A1]")
        precondition(queryParts.rows == queries.rows && keyParts.rows == facts.rows, "one part a row")
        precondition(scores.rows == queries.rows && scores.columns == facts.rows, "scores are not [N, T]")
        let memory = unsafe scratch.floats(kernel_attention_scratch(inputs, first, second))
        let layout = unsafe kernel_attention_network(
            inputs: inputs, first: first, second: second, product: network.product.rows,
            second_weights: network.second.rows, second_bias: network.secondBias.values,
            score_weights: network.score.values, score_bias: network.scoreBias,
            pairs: network.product.precision == .bf16 ? 1 : 0)
        unsafe withUnsafePointer(to: layout) { pointer in
            unsafe table.pointee.attention_scores(
                pointer, queries.rows, queries.constantRows, queryParts.constantRows, facts.rows,
                facts.constantRows, keyParts.constantRows, scores.mutableRows, memory)
        }
    }
}
