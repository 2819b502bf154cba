internal import DIEN
internal import Tensors

/// The attention network over [q, f, q - f, q ∘ f]; q is a projection of the target, or in DIN the target itself.
///
/// The first layer is split (``SplitAttentionWeights``): the query's part is computed once a sequence.
final class NetworkScore {
    private let projection: (dense: DenseLayer, prelu: PReLULayer)?  // [D] → [F]
    private let split: SplitAttentionWeights  // F → A1, three times
    private let queryPart: DenseLayer
    private let second: DenseLayer  // A1 → A2
    private let last: ScoreWeights  // A2 → 1
    private let worker: Worker
    private var products = Matrix.empty  // q ∘ f [M, F]
    private var first = Matrix.empty  // [M, A1]
    private var toProducts = Matrix.empty
    private var toQueryPart = Matrix.empty
    private var toQueries = Matrix.empty

    init(
        _ parameters: Parameters, _ worker: Worker, _ configuration: ModelConfiguration
    ) throws(TrainingError) {
        let facts = configuration.interestSize
        let widths = [4 * facts] + configuration.attentionHidden + [1]
        if configuration.architecture.isRecurrent {
            let dense = try DenseLayer(
                parameters, worker, "attention.query", inputs: configuration.itemSize, outputs: facts)
            let alpha = try parameters.vector("attention.query_prelu.alpha", 0..<facts, of: facts)
            projection = (dense, PReLULayer(alpha: alpha, worker))
        } else {
            projection = nil
        }
        let (weight, bias) = try parameters.layer("attention.0", inputs: widths[0], outputs: widths[1])
        split = parameters.derived("attention.0") { SplitAttentionWeights(weight, workers: $0) }
        queryPart = DenseLayer(weight: split.query, bias: bias, worker)
        second = try DenseLayer(parameters, worker, "attention.1", inputs: widths[1], outputs: widths[2])
        let score = try parameters.layer("attention.2", inputs: widths[2], outputs: widths[3])
        last = parameters.derived("attention.2") {
            ScoreWeights(weight: score.weight, bias: score.bias, workers: $0)
        }
        self.worker = worker
    }

    /// Targets [B, D] and facts [M, F] → scores [1, M].
    func forward(
        _ targets: borrowing Matrix, _ facts: borrowing Matrix, into scores: inout Matrix, _ packing: Packing
    ) {
        guard let projection else { return forward(queries: targets, facts, into: &scores, packing) }
        projection.dense.forward(targets)
        projection.prelu.forward(projection.dense.output)
        forward(queries: projection.prelu.output, facts, into: &scores, packing)
    }

    private func forward(
        queries: borrowing Matrix, _ facts: borrowing Matrix, into scores: inout Matrix, _ packing: Packing
    ) {
        let kernels = worker.kernels
        queryPart.forward(queries)
        kernels.packedProducts(queries, facts, into: &products, packing)
        kernels.product(facts, split.key.value, into: &first)
        kernels.accumulate(products, split.product.value, into: &first)
        kernels.addPackedSpread(of: queryPart.output, weights: .empty, into: &first, packing)
        kernels.sigmoid(&first)
        second.forward(first)
        kernels.sigmoid(&second.output)
        kernels.scores(
            second.output, weights: last.weights.value, bias: last.bias.value[0, 0], into: &scores)
    }

    /// Gradient of the scores [1, M]; with dz that of the first layer's sums, d(q ∘ f) = dz Pᵀ, df = dz Kᵀ + q ∘ d(q ∘ f),
    /// dq = (Σ_t dz) Qᵀ + Σ_t f ∘ d(q ∘ f).
    func backward(
        _ gradient: borrowing Matrix, _ targets: borrowing Matrix, _ facts: borrowing Matrix,
        toTargets: inout Matrix, toFacts: inout Matrix, _ packing: Packing
    ) {
        guard let projection else {
            backward(gradient, queries: targets, facts, toFacts: &toFacts, packing)
            return worker.kernels.add(toQueries, into: &toTargets)
        }
        backward(gradient, queries: projection.prelu.output, facts, toFacts: &toFacts, packing)
        projection.prelu.backward(&toQueries, input: projection.dense.output)
        projection.dense.backward(toQueries, input: targets)
        worker.kernels.add(projection.dense.toInput, into: &toTargets)
    }

    private func backward(
        _ gradient: borrowing Matrix, queries: borrowing Matrix, _ facts: borrowing Matrix,
        toFacts: inout Matrix, _ packing: Packing
    ) {
        let kernels = worker.kernels
        let index = worker.index
        last.addBias(gradient, worker)
        kernels.scoresBackward(
            gradient, weights: last.weights.value, values: &second.output,
            weightGradient: &last.weights.shares[index].sum)
        second.backward(second.output, input: first)
        kernels.sigmoidBackward(&second.toInput, outputs: first)
        kernels.accumulateTransposed(facts, second.toInput, into: &split.key.shares[index].sum)
        kernels.accumulateTransposed(products, second.toInput, into: &split.product.shares[index].sum)
        toQueryPart.clear(rows: queries.rows, columns: first.columns)
        kernels.addPackedSum(of: second.toInput, weights: .empty, into: &toQueryPart, packing)
        queryPart.backward(toQueryPart, input: queries)

        kernels.product(second.toInput, split.product.transposed, into: &toProducts)
        kernels.accumulate(second.toInput, split.key.transposed, into: &toFacts)
        toQueries.resize(rows: queries.rows, columns: queries.columns)
        kernels.copy(queryPart.toInput, into: &toQueries)
        kernels.addPackedProducts(facts, toProducts, into: &toQueries, packing)
        kernels.packedProducts(queries, toProducts, into: &products, packing)
        kernels.add(products, into: &toFacts)
    }
}
