internal import DIEN
internal import Tensors

/// A GRU over packed sequences, plain or led by attention; the equations are those of serving (docs/MODEL_FORMAT.md).
struct GRULayer {
    private let gateInputs: DenseLayer  // [I] → [2H], r then z
    private let candidateInputs: DenseLayer  // [I] → [H]
    private let gates: Parameter  // [H, 2H]
    private let candidate: Parameter  // [H, H]
    private let candidateBias: Parameter?  // [1, H]: the reset gate comes after the product
    let cell: SequenceCell

    /// What the backward pass needs.
    struct Pass: ~Copyable {
        let recurrence: TrainedRecurrence
        let activations: SequenceActivations
    }

    init(
        _ parameters: Parameters, _ name: String, inputs: Int, _ configuration: ModelConfiguration,
        cell: SequenceCell
    ) throws(TrainingError) {
        let hidden = configuration.hiddenSize
        let all = 3 * hidden
        func input(_ outputs: Range<Int>) throws(TrainingError) -> DenseLayer {
            DenseLayer(
                weight: try parameters.weight(
                    "\(name).weight_input", inputs: inputs, outputs: outputs, of: all),
                bias: try parameters.vector("\(name).bias", outputs, of: all))
        }
        gateInputs = try input(0..<2 * hidden)
        candidateInputs = try input(2 * hidden..<all)
        gates = try parameters.weight(
            "\(name).weight_hidden", inputs: hidden, outputs: 0..<2 * hidden, of: all)
        candidate = try parameters.weight(
            "\(name).weight_hidden", inputs: hidden, outputs: 2 * hidden..<all, of: all)
        candidateBias =
            configuration.preset == .paper
            ? try parameters.vector("\(name).bias_hidden_candidate", 0..<hidden, of: hidden) : nil
        self.cell = cell
    }

    /// Inputs [M, I] and attention [M, 1] → states [M, H] from zero states.
    func forward(
        _ inputs: borrowing Matrix, attention: consuming Matrix, _ layout: SequenceLayout, _ kernels: Kernels
    ) -> Pass {
        let bias = candidateBias.map { $0.value.copy() } ?? Matrix(rows: 0, columns: 0)
        let recurrence = TrainedRecurrence(
            gates: gates.value, candidate: candidate.value, candidateBias: bias)
        let activations = kernels.sequenceForward(
            recurrence, cell: cell, counts: layout.counts, gates: gateInputs.forward(inputs, kernels),
            candidate: candidateInputs.forward(inputs, kernels), attention: attention)
        return Pass(recurrence: recurrence, activations: activations)
    }

    /// Gradients of the states [M, H] → of the inputs [M, I], and what came to the attention [M, 1] is added to it.
    func backward(
        states: consuming Matrix, _ pass: borrowing Pass, inputs: borrowing Matrix,
        attention: inout Matrix, _ layout: SequenceLayout, _ kernels: Kernels
    ) -> Matrix {
        let back = kernels.sequenceBackward(
            pass.recurrence, cell: cell, counts: layout.counts, pass.activations, states: states)
        kernels.accumulateTransposed(pass.activations.previous, back.gates, into: &gates.gradient)
        if let candidateBias {  // dU += hᵀ dq, db' += Σ dq
            kernels.accumulateTransposed(pass.activations.previous, back.reset, into: &candidate.gradient)
            candidateBias.gradient.addColumnSums(of: back.reset)
        } else {  // dU += (r ∘ h)ᵀ zc
            kernels.accumulateTransposed(pass.activations.reset, back.candidate, into: &candidate.gradient)
        }
        attention.add(back.attention)
        var result = gateInputs.backward(back.gates, input: inputs, kernels)
        result.add(candidateInputs.backward(back.candidate, input: inputs, kernels))
        return result
    }
}
