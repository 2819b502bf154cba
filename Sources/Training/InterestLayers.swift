internal import DIEN
internal import Tensors

/// What a history says about its target, in the training form: the part in which the families of model differ.
enum InterestLayers {
    case sum
    case pooled(PooledInterest)
    case evolving(EvolvingInterest)

    init(
        _ parameters: Parameters, _ worker: Worker, _ configuration: ModelConfiguration
    ) throws(TrainingError) {
        if configuration.architecture.isRecurrent {
            self = .evolving(try EvolvingInterest(parameters, worker, configuration))
        } else if configuration.architecture == .din {
            self = .pooled(try PooledInterest(parameters, worker, configuration))
        } else {
            self = .sum
        }
    }

    /// Behaviours [M, D] and targets [B, D] → one vector a sample, [B, interestSize].
    func forward(
        _ behaviours: borrowing Matrix, targets: borrowing Matrix, into vectors: inout Matrix,
        _ layout: SequenceLayout, _ kernels: Kernels
    ) {
        switch self {
        case .sum: vectors.resize(rows: targets.rows, columns: 0)
        case .pooled(let pooled): pooled.forward(behaviours, targets: targets, into: &vectors, layout.packing)
        case .evolving(let evolving):
            evolving.forward(behaviours, targets: targets, layout)
            vectors.resize(rows: evolving.vectors.rows, columns: evolving.vectors.columns)
            kernels.copy(evolving.vectors, into: &vectors)
        }
    }

    /// The GRU whose states the auxiliary loss takes, where there is one.
    var extractor: GRULayer? {
        guard case .evolving(let evolving) = self else { return nil }
        return evolving.extractor
    }

    /// Gradients of the vectors [B, interestSize] and, in the extractor's gradients, of the interests; adds to those of the
    /// behaviours [M, D] and of the targets [B, D].
    func backward(
        _ gradient: borrowing Matrix, behaviours: borrowing Matrix, targets: borrowing Matrix,
        toBehaviours: inout Matrix, toTargets: inout Matrix, _ layout: SequenceLayout
    ) {
        switch self {
        case .sum: return
        case .pooled(let pooled):
            pooled.backward(
                gradient, behaviours: behaviours, targets: targets, toBehaviours: &toBehaviours,
                toTargets: &toTargets, layout.packing)
        case .evolving(let evolving):
            evolving.backward(
                gradient, behaviours: behaviours, targets: targets, toBehaviours: &toBehaviours,
                toTargets: &toTargets, layout)
        }
    }
}

/// Σ_t a_t e_t of the behaviours themselves: DIN.
final class PooledInterest {
    private let attention: AttentionLayer
    private let worker: Worker
    private var toWeights = Matrix.empty

    init(
        _ parameters: Parameters, _ worker: Worker, _ configuration: ModelConfiguration
    ) throws(TrainingError) {
        attention = try AttentionLayer(parameters, worker, configuration)
        self.worker = worker
    }

    func forward(
        _ behaviours: borrowing Matrix, targets: borrowing Matrix, into vectors: inout Matrix,
        _ packing: Packing
    ) {
        attention.forward(targets: targets, facts: behaviours, packing)
        vectors.clear(rows: targets.rows, columns: behaviours.columns)
        worker.kernels.addPackedSum(of: behaviours, weights: attention.weights, into: &vectors, packing)
    }

    /// da_t = <dp, e_t>, de_t = a_t dp.
    func backward(
        _ gradient: borrowing Matrix, behaviours: borrowing Matrix, targets: borrowing Matrix,
        toBehaviours: inout Matrix, toTargets: inout Matrix, _ packing: Packing
    ) {
        worker.kernels.packedDots(gradient, behaviours, into: &toWeights, packing)
        worker.kernels.addPackedSpread(
            of: gradient, weights: attention.weights, into: &toBehaviours, packing)
        attention.backward(
            &toWeights, targets: targets, facts: behaviours, toTargets: &toTargets,
            toFacts: &toBehaviours, packing)
    }
}
