internal import DIEN
internal import Tensors

/// Interest extraction and evolution in the training form, over packed histories.
struct EvolvingInterest {
    private let extractor: GRULayer
    private let attention: AttentionLayer
    private let evolution: GRULayer
    private let place: Place

    /// Where attention enters, as in serving.
    private enum Place { case pooling, input, gate }

    /// What the backward pass needs.
    struct Pass: ~Copyable {
        let extractor: GRULayer.Pass
        let attention: AttentionLayer.Pass
        let evolution: GRULayer.Pass
        /// What the second GRU takes [M, H].
        let inputs: Matrix
        /// One vector a sample [B, H].
        let vectors: Matrix
    }

    init(_ parameters: Parameters, _ configuration: ModelConfiguration) throws(TrainingError) {
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
            parameters, "extractor", inputs: configuration.itemSize, configuration, cell: .gru)
        attention = try AttentionLayer(parameters, configuration)
        evolution = try GRULayer(
            parameters, "evolution", inputs: configuration.hiddenSize, configuration, cell: cell)
    }

    /// Behaviours [M, D] and targets [B, D].
    func forward(
        _ behaviours: borrowing Matrix, targets: borrowing Matrix, _ layout: SequenceLayout,
        _ kernels: Kernels
    ) -> Pass {
        let none = Matrix(rows: layout.rows, columns: 1)
        let first = extractor.forward(behaviours, attention: none.copy(), layout, kernels)
        if place == .pooling {
            let inputs = first.activations.states.copy()
            let second = evolution.forward(inputs, attention: none, layout, kernels)
            let weights = attention.forward(
                targets: targets, facts: second.activations.states, layout, kernels)
            let vectors = Pooling.forward(
                second.activations.states, weights: weights.weights, layout)
            return Pass(
                extractor: first, attention: weights, evolution: second, inputs: inputs, vectors: vectors)
        }
        let weights = attention.forward(targets: targets, facts: first.activations.states, layout, kernels)
        var inputs = first.activations.states.copy()
        if place == .input {
            for m in 0..<inputs.rows {
                for j in 0..<inputs.columns { inputs[m, j] *= weights.weights[m, 0] }
            }
        }
        let second = evolution.forward(
            inputs, attention: place == .gate ? weights.weights.copy() : none, layout, kernels)
        var vectors = Matrix(rows: targets.rows, columns: inputs.columns)
        for (b, length) in layout.lengths.enumerated() where length > 0 {
            vectors.copyRow(
                layout.row(length - 1, b), of: second.activations.states, toRow: b, column: 0)
        }
        return Pass(
            extractor: first, attention: weights, evolution: second, inputs: inputs, vectors: vectors)
    }

    /// Gradients of the vectors [B, H] and, from the auxiliary loss, of the interests [M, H] → of the behaviours [M, D];
    /// adds to that of the targets.
    func backward(
        _ gradient: borrowing Matrix, interests: consuming Matrix, _ pass: borrowing Pass,
        behaviours: borrowing Matrix, targets: borrowing Matrix, toTargets: inout Matrix,
        _ layout: SequenceLayout, _ kernels: Kernels
    ) -> Matrix {
        var toWeights = Matrix(rows: layout.rows, columns: 1)
        var unused = Matrix(rows: layout.rows, columns: 1)
        var toStates = Matrix(rows: layout.rows, columns: gradient.columns)
        if place == .pooling {
            Pooling.backward(
                gradient, facts: pass.evolution.activations.states, weights: pass.attention.weights,
                toFacts: &toStates, toWeights: &toWeights, layout)
            attention.backward(
                toWeights, pass.attention, targets: targets, facts: pass.evolution.activations.states,
                toTargets: &toTargets, toFacts: &toStates, layout, kernels)
            interests.add(
                evolution.backward(
                    states: toStates, pass.evolution, inputs: pass.inputs, attention: &unused, layout,
                    kernels))
        } else {
            for (b, length) in layout.lengths.enumerated() where length > 0 {
                toStates.copyRow(b, of: gradient, toRow: layout.row(length - 1, b), column: 0)
            }
            var toInputs = evolution.backward(
                states: toStates, pass.evolution, inputs: pass.inputs, attention: &toWeights, layout, kernels)
            if place == .input {  // da_t = <di'_t, h_t>, dh_t = a_t di'_t
                for m in 0..<toInputs.rows {
                    toWeights[m, 0] = 0
                    for j in 0..<toInputs.columns {
                        toWeights[m, 0] += toInputs[m, j] * pass.extractor.activations.states[m, j]
                        toInputs[m, j] *= pass.attention.weights[m, 0]
                    }
                }
            }
            interests.add(toInputs)
            attention.backward(
                toWeights, pass.attention, targets: targets, facts: pass.extractor.activations.states,
                toTargets: &toTargets, toFacts: &interests, layout, kernels)
        }
        return extractor.backward(
            states: interests, pass.extractor, inputs: behaviours, attention: &unused, layout, kernels)
    }
}
