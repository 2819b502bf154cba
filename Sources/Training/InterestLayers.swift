internal import DIEN
internal import Tensors

/// What a history says about its target, in the training form: the part in which the families of model differ.
enum InterestLayers {
    case sum
    case pooled(AttentionLayer)
    case evolving(EvolvingInterest)

    /// One vector a sample, and what the backward pass needs.
    struct Pass: ~Copyable {
        /// [B, interestSize]
        let vectors: Matrix
        fileprivate let saved: Saved
    }

    fileprivate enum Saved {
        case sum
        case pooled(Box<AttentionLayer.Pass>)
        case evolving(Box<EvolvingInterest.Pass>)
    }

    init(_ parameters: Parameters, _ configuration: ModelConfiguration) throws(TrainingError) {
        if configuration.architecture.isRecurrent {
            self = .evolving(try EvolvingInterest(parameters, configuration))
        } else if configuration.architecture == .din {
            self = .pooled(try AttentionLayer(parameters, configuration))
        } else {
            self = .sum
        }
    }

    /// Behaviours [M, D] and targets [B, D].
    func forward(
        _ behaviours: borrowing Matrix, targets: borrowing Matrix, _ layout: SequenceLayout,
        _ kernels: Kernels
    ) -> Pass {
        switch self {
        case .sum:
            return Pass(vectors: Matrix(rows: targets.rows, columns: 0), saved: .sum)
        case .pooled(let attention):
            let pass = attention.forward(targets: targets, facts: behaviours, layout, kernels)
            let vectors = Pooling.forward(behaviours, weights: pass.weights, layout)
            return Pass(vectors: vectors, saved: .pooled(Box(pass)))
        case .evolving(let evolving):
            let pass = evolving.forward(behaviours, targets: targets, layout, kernels)
            return Pass(vectors: pass.vectors.copy(), saved: .evolving(Box(pass)))
        }
    }

    /// The extractor's states [M, H], which the auxiliary loss takes; nothing without an extractor.
    func interests(_ pass: borrowing Pass) -> Matrix {
        guard case .evolving(let evolving) = pass.saved else { return .empty }
        return evolving.value.extractor.activations.states.copy()
    }

    /// Gradients of the vectors [B, interestSize] and of the interests [M, H]; adds to those of the behaviours and targets.
    func backward(
        _ gradient: borrowing Matrix, interests: consuming Matrix, _ pass: borrowing Pass,
        behaviours: borrowing Matrix, targets: borrowing Matrix, toBehaviours: inout Matrix,
        toTargets: inout Matrix, _ layout: SequenceLayout, _ kernels: Kernels
    ) {
        switch (self, pass.saved) {
        case (.pooled(let attention), .pooled(let saved)):
            var toWeights = Matrix(rows: layout.rows, columns: 1)
            Pooling.backward(
                gradient, facts: behaviours, weights: saved.value.weights, toFacts: &toBehaviours,
                toWeights: &toWeights, layout)
            attention.backward(
                toWeights, saved.value, targets: targets, facts: behaviours, toTargets: &toTargets,
                toFacts: &toBehaviours, layout, kernels)
        case (.evolving(let evolving), .evolving(let saved)):
            toBehaviours.add(
                evolving.backward(
                    gradient, interests: interests, saved.value, behaviours: behaviours, targets: targets,
                    toTargets: &toTargets, layout, kernels))
        default: return
        }
    }
}

/// A value that cannot be copied, where it has to be shared.
final class Box<Value: ~Copyable> {
    let value: Value

    init(_ value: consuming Value) { self.value = value }
}
