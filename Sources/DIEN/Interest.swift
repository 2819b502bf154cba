internal import Tensors

/// What a history says about each candidate: the part in which the families of model differ.
enum Interest: Sendable {
    /// Nothing beyond its sum: base, wide and deep, PNN.
    case sum
    /// The behaviours weighed by attention: DIN.
    case pooled(Attention)
    /// Interests extracted by a GRU, and evolved towards the target.
    case evolving(InterestExtractor, InterestEvolution)

    init(_ parameters: inout ModelParameters, _ configuration: ModelConfiguration) throws(ModelError) {
        switch configuration.architecture {
        case .base, .wideDeep, .pnn: self = .sum
        case .din: self = .pooled(try Attention(&parameters, configuration))
        case .gruAttention, .aigru, .agru, .augru, .dien:
            self = .evolving(
                try InterestExtractor(&parameters, configuration),
                try InterestEvolution(&parameters, configuration))
        }
    }

    /// Behaviours [T, D] and targets [N, D] → one vector a candidate.
    func forward(
        behaviours: borrowing Matrix, targets: borrowing Matrix, _ kernels: Kernels
    ) -> InterestPass {
        switch self {
        case .sum:
            return InterestPass(
                states: Matrix(rows: 0, columns: 0), attention: Matrix(rows: targets.rows, columns: 0),
                vectors: Matrix(rows: targets.rows, columns: 0))
        case .pooled(let attention):
            let weights = attention.weights(targets: targets, facts: behaviours, kernels)
            let pooled = Attention.pool(behaviours, weights: weights, kernels)
            return InterestPass(
                states: Matrix(rows: 0, columns: 0), attention: weights, vectors: pooled)
        case .evolving(let extractor, let evolution):
            return evolution.evolve(
                extractor.interests(of: behaviours, kernels), targets: targets, kernels)
        }
    }
}

/// What the interest layers computed on their way.
struct InterestPass: ~Copyable {
    /// The extractor's, [T, H].
    let states: Matrix
    /// [N, T]
    let attention: Matrix
    /// [N, interestSize]: the last states, or what attention pooled.
    let vectors: Matrix
}
