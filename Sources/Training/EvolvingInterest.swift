internal import DIEN
internal import Tensors

/// Interest extraction and evolution in the training form, over packed histories.
final class EvolvingInterest {
    let extractor: GRULayer
    private let attention: AttentionLayer
    private let evolution: GRULayer
    private let place: Place
    private let worker: Worker
    private let none = Matrix.empty
    /// What the second GRU takes where attention scales it, a_t h_t [M, H].
    private var scaled = Matrix.empty
    private var toWeights = Matrix.empty
    /// One vector a sample [B, H].
    private(set) var vectors = Matrix.empty

    /// Where attention enters, as in serving.
    private enum Place { case pooling, input, gate }

    init(
        _ parameters: Parameters, _ worker: Worker, _ configuration: ModelConfiguration
    ) throws(TrainingError) {
        let (place, cell): (Place, SequenceCell) =
            switch configuration.architecture {
            case .aigru: (.input, .gru)
            case .agru: (.gate, .attention(.attention))
            case .augru, .dien:
                (.gate, .attention(configuration.preset == .paper ? .paper : .reference))
            case .base, .wideDeep, .pnn, .din, .gruAttention: (.pooling, .gru)
            }
        self.place = place
        extractor = try GRULayer(
            parameters, worker, "extractor", inputs: configuration.itemSize, configuration, cell: .gru)
        attention = try AttentionLayer(parameters, worker, configuration)
        evolution = try GRULayer(
            parameters, worker, "evolution", inputs: configuration.hiddenSize, configuration, cell: cell)
        self.worker = worker
    }

    /// Behaviours [M, D] and targets [B, D] → vectors.
    func forward(_ behaviours: borrowing Matrix, targets: borrowing Matrix, _ layout: SequenceLayout) {
        let packing = layout.packing
        extractor.forward(behaviours, attention: none, packing)
        switch place {
        case .pooling:
            evolution.forward(extractor.activations.states, attention: none, packing)
            attention.forward(targets: targets, facts: evolution.activations.states, packing)
            vectors.clear(rows: targets.rows, columns: evolution.activations.states.columns)
            worker.kernels.addPackedSum(
                of: evolution.activations.states, weights: attention.weights, into: &vectors, packing)
        case .input:
            attention.forward(targets: targets, facts: extractor.activations.states, packing)
            worker.kernels.scaleRows(
                extractor.activations.states, by: attention.weights, into: &scaled)
            evolution.forward(scaled, attention: none, packing)
            lastStates(layout)
        case .gate:
            attention.forward(targets: targets, facts: extractor.activations.states, packing)
            evolution.forward(extractor.activations.states, attention: attention.weights, packing)
            lastStates(layout)
        }
    }

    /// Gradients of the vectors [B, H] and, in ``extractor``'s gradients, of the interests [M, H] that something else has
    /// used; adds to those of the behaviours [M, D] and of the targets [B, D].
    func backward(
        _ gradient: borrowing Matrix, behaviours: borrowing Matrix, targets: borrowing Matrix,
        toBehaviours: inout Matrix, toTargets: inout Matrix, _ layout: SequenceLayout
    ) {
        let packing = layout.packing
        switch place {
        case .pooling: backwardPooling(gradient, targets, toTargets: &toTargets, packing)
        case .input: backwardInput(gradient, targets, toTargets: &toTargets, layout)
        case .gate: backwardGate(gradient, targets, toTargets: &toTargets, layout)
        }
        extractor.backward(behaviours, attention: none, packing)
        worker.kernels.add(extractor.toInput, into: &toBehaviours)
    }

    /// p = Σ_t a_t f_t: da_t = <dp, f_t>, df_t = a_t dp.
    private func backwardPooling(
        _ gradient: borrowing Matrix, _ targets: borrowing Matrix, toTargets: inout Matrix, _ packing: Packing
    ) {
        let kernels = worker.kernels
        kernels.packedDots(gradient, evolution.activations.states, into: &toWeights, packing)
        evolution.gradients.states.clear(rows: packing.rows, columns: gradient.columns)
        kernels.addPackedSpread(
            of: gradient, weights: attention.weights, into: &evolution.gradients.states, packing)
        attention.backward(
            &toWeights, targets: targets, facts: evolution.activations.states, toTargets: &toTargets,
            toFacts: &evolution.gradients.states, packing)
        evolution.backward(extractor.activations.states, attention: none, packing)
        kernels.add(evolution.toInput, into: &extractor.gradients.states)
    }

    /// i_t = a_t h_t: da_t = <di_t, h_t>, dh_t = a_t di_t.
    private func backwardInput(
        _ gradient: borrowing Matrix, _ targets: borrowing Matrix, toTargets: inout Matrix,
        _ layout: SequenceLayout
    ) {
        toLastStates(gradient, layout)
        evolution.backward(scaled, attention: none, layout.packing)
        worker.kernels.rowDots(evolution.toInput, extractor.activations.states, into: &toWeights)
        worker.kernels.addScaledRows(
            evolution.toInput, by: attention.weights, into: &extractor.gradients.states)
        attention.backward(
            &toWeights, targets: targets, facts: extractor.activations.states, toTargets: &toTargets,
            toFacts: &extractor.gradients.states, layout.packing)
    }

    private func backwardGate(
        _ gradient: borrowing Matrix, _ targets: borrowing Matrix, toTargets: inout Matrix,
        _ layout: SequenceLayout
    ) {
        toLastStates(gradient, layout)
        evolution.backward(
            extractor.activations.states, attention: attention.weights, layout.packing)
        worker.kernels.add(evolution.toInput, into: &extractor.gradients.states)
        attention.backward(
            &evolution.gradients.attention, targets: targets, facts: extractor.activations.states,
            toTargets: &toTargets, toFacts: &extractor.gradients.states, layout.packing)
    }

    /// vectors = the state after each sequence's last step, zero without a step.
    private func lastStates(_ layout: SequenceLayout) {
        vectors.clear(rows: layout.lengths.count, columns: evolution.activations.states.columns)
        for (b, length) in layout.lengths.enumerated() where length > 0 {
            vectors.copyRow(
                layout.row(length - 1, b), of: evolution.activations.states, toRow: b, column: 0)
        }
    }

    private func toLastStates(_ gradient: borrowing Matrix, _ layout: SequenceLayout) {
        evolution.gradients.states.clear(rows: layout.rows, columns: gradient.columns)
        for (b, length) in layout.lengths.enumerated() where length > 0 {
            evolution.gradients.states.copyRow(
                b, of: gradient, toRow: layout.row(length - 1, b), column: 0)
        }
    }
}
