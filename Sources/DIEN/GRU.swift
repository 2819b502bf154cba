internal import Tensors

/// The weights of a GRU: r and z are its gates, z the one that keeps the state, c the candidate state.
///
/// r = σ(W_r x + U_r h + b_r), z = σ(W_z x + U_z h + b_z), h' = k h + (1 - k) c, k = z unless attention changes it.
/// Preset paper: c = tanh(W_c x + b_c + r ∘ (U_c h + b_hc)). Preset reference: c = tanh(W_c x + b_c + U_c (r ∘ h)).
/// The paper's update gate u is 1 - z.
///
/// Weights and biases, and so what is projected with them, are scaled by ``ActivationScale``.
struct GRU: Sendable {
    private let gateInputs: Dense  // [I] → [2H], r then z
    private let candidateInputs: Dense  // [I] → [H]
    let recurrent: RecurrentWeights

    /// Takes the tensors `<prefix>.weight_input` [3H, I], `weight_hidden` [3H, H] and `bias` [3H].
    ///
    /// - Parameter precision: of the products with the state; those with the input are float32.
    init(
        _ parameters: inout ModelParameters, prefix: String, inputs: Int, _ configuration: ModelConfiguration,
        precision: Precision = .fp32
    ) throws(ModelError) {
        let hidden = configuration.hiddenSize
        let scale =
            [Float](repeating: ActivationScale.sigmoid, count: 2 * hidden)
            + [Float](repeating: ActivationScale.tanh, count: hidden)
        let input = try parameters.matrix("\(prefix).weight_input", outputs: 3 * hidden, inputs: inputs)
            .scaled(by: scale)
        let state = try parameters.matrix("\(prefix).weight_hidden", outputs: 3 * hidden, inputs: hidden)
            .scaled(by: scale)
        let bias = zip(try parameters.vector("\(prefix).bias", count: 3 * hidden), scale).map(*)
        let gates = 0..<2 * hidden
        let candidate = 2 * hidden..<3 * hidden
        gateInputs = Dense(input.outputs(gates), bias: Array(bias[gates]))
        candidateInputs = Dense(input.outputs(candidate), bias: Array(bias[candidate]))
        let candidateBias: PackedVector? =
            switch configuration.preset {
            case .paper:
                PackedVector(
                    try parameters.vector("\(prefix).bias_hidden_candidate", count: hidden)
                        .map { $0 * ActivationScale.tanh })
            case .reference: nil
            }
        recurrent = RecurrentWeights(
            gates: state.outputs(gates).packed(precision),
            candidate: state.outputs(candidate).packed(precision),
            candidateBias: candidateBias)
    }

    /// W x + b of all gates at all steps, [T, I] → [T, 3H]: the half of the cell that does not wait for the state.
    func project(_ inputs: borrowing Matrix, _ kernels: Kernels, into projections: inout Projections) {
        gateInputs(inputs, kernels, into: &projections.gates)
        candidateInputs(inputs, kernels, into: &projections.candidate)
    }

    /// That half without the biases, for inputs that a factor will scale: W (a x) = a (W x).
    var inputProducts: InputProducts {
        InputProducts(
            gates: gateInputs.withoutBias, candidate: candidateInputs.withoutBias,
            bias: InputBias(gates: gateInputs.bias, candidate: candidateInputs.bias))
    }
}

/// The input half of a GRU of which each input is scaled by a factor that is known later.
struct InputProducts: Sendable {
    fileprivate let gates: Dense
    fileprivate let candidate: Dense
    /// What is added once the factor is known.
    let bias: InputBias

    /// W x of all gates at all steps, [T, I] → [T, 3H].
    func project(_ inputs: borrowing Matrix, _ kernels: Kernels, into products: inout Projections) {
        gates(inputs, kernels, into: &products.gates)
        candidate(inputs, kernels, into: &products.candidate)
    }
}
