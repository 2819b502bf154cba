internal import Tensors

/// The published attention (arXiv 1809.03672, "Interest Evolving Layer"): score(h_t, e) = h_t W e.
struct BilinearAttention: Sendable {
    private let projection: Dense  // e [D] → W e [H]

    init(_ parameters: inout ModelParameters, _ configuration: ModelConfiguration) throws(ModelError) {
        projection = Dense(
            try parameters.matrix(
                "attention.weight", outputs: configuration.hiddenSize, inputs: configuration.itemSize))
    }

    /// Targets [N, D], interests [T, H] → scores [N, T], zero before.
    func score(
        _ targets: borrowing Matrix, _ interests: borrowing Matrix, _ kernels: Kernels,
        into scores: inout Matrix
    ) {
        let queries = projection(targets, kernels)
        kernels.accumulate(queries, interests.transposed(), into: &scores)
    }
}
