internal import DIEN
internal import Tensors

/// Attention of each target on the packed facts of its history: the softmax over a sequence of the pair's score.
final class AttentionLayer {
    private let score: Score
    private let worker: Worker
    /// a [1, M] of the last forward pass.
    private(set) var weights = Matrix.empty

    private enum Score {
        case bilinear(BilinearScore)
        case network(NetworkScore)
    }

    init(
        _ parameters: Parameters, _ worker: Worker, _ configuration: ModelConfiguration
    ) throws(TrainingError) {
        score =
            configuration.attentionHidden.isEmpty
            ? .bilinear(try BilinearScore(parameters, worker, configuration))
            : .network(try NetworkScore(parameters, worker, configuration))
        self.worker = worker
    }

    /// Targets [B, D] and facts [M, F] → weights [1, M].
    func forward(targets: borrowing Matrix, facts: borrowing Matrix, _ packing: Packing) {
        switch score {
        case .bilinear(let score): score.forward(targets, facts, into: &weights, packing)
        case .network(let score): score.forward(targets, facts, into: &weights, packing)
        }
        worker.kernels.packedSoftmax(&weights, packing)
    }

    /// Gradient of the weights [1, M], which is spent; adds to those of the targets [B, D] and of the facts [M, F].
    func backward(
        _ gradient: inout Matrix, targets: borrowing Matrix, facts: borrowing Matrix,
        toTargets: inout Matrix, toFacts: inout Matrix, _ packing: Packing
    ) {
        worker.kernels.packedSoftmaxBackward(&gradient, weights: weights, packing)
        switch score {
        case .bilinear(let score):
            score.backward(
                gradient, targets, facts, toTargets: &toTargets, toFacts: &toFacts, packing)
        case .network(let score):
            score.backward(
                gradient, targets, facts, toTargets: &toTargets, toFacts: &toFacts, packing)
        }
    }
}

/// <f, W e>: the paper's score.
final class BilinearScore {
    private let projection: DenseLayer  // [D] → [F]
    private let worker: Worker
    private var toQueries = Matrix.empty

    init(
        _ parameters: Parameters, _ worker: Worker, _ configuration: ModelConfiguration
    ) throws(TrainingError) {
        projection = DenseLayer(
            weight: try parameters.weight(
                "attention.weight", inputs: configuration.itemSize,
                outputs: 0..<configuration.hiddenSize, of: configuration.hiddenSize),
            bias: nil, worker)
        self.worker = worker
    }

    func forward(
        _ targets: borrowing Matrix, _ facts: borrowing Matrix, into scores: inout Matrix, _ packing: Packing
    ) {
        projection.forward(targets)
        worker.kernels.packedDots(projection.output, facts, into: &scores, packing)
    }

    /// dq = Σ_t ds_t f_t, df_t = ds_t q.
    func backward(
        _ gradient: borrowing Matrix, _ targets: borrowing Matrix, _ facts: borrowing Matrix,
        toTargets: inout Matrix, toFacts: inout Matrix, _ packing: Packing
    ) {
        let kernels = worker.kernels
        toQueries.clear(rows: targets.rows, columns: facts.columns)
        kernels.addPackedSum(of: facts, weights: gradient, into: &toQueries, packing)
        kernels.addPackedSpread(of: projection.output, weights: gradient, into: &toFacts, packing)
        projection.backward(toQueries, input: targets)
        kernels.add(projection.toInput, into: &toTargets)
    }
}
