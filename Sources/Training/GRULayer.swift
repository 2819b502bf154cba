internal import DIEN
internal import Tensors

/// A GRU over packed sequences, plain or led by attention; the equations are those of serving (docs/MODEL_FORMAT.md).
final class GRULayer {
    private let gateInputs: (weight: Parameter, bias: Parameter)  // [I] → [2H], r then z
    private let candidateInputs: (weight: Parameter, bias: Parameter)  // [I] → [H]
    private let gates: Parameter  // [H, 2H]
    private let candidate: Parameter  // [H, H]
    private let candidateBias: Parameter?  // [1, H]: the reset gate comes after the product
    private let cell: SequenceCell
    private let worker: Worker
    private let noBias = Matrix.empty
    /// Of the last forward pass.
    private(set) var activations = SequenceActivations()
    /// Of the last backward pass, which takes those of the states from here.
    var gradients = SequenceGradients()
    /// dx [M, I] of the last backward pass.
    private(set) var toInput = Matrix.empty

    init(
        _ parameters: Parameters, _ worker: Worker, _ name: String, inputs: Int,
        _ configuration: ModelConfiguration, cell: SequenceCell
    ) throws(TrainingError) {
        let hidden = configuration.hiddenSize
        let all = 3 * hidden
        func input(_ outputs: Range<Int>) throws(TrainingError) -> (Parameter, Parameter) {
            (
                try parameters.weight("\(name).weight_input", inputs: inputs, outputs: outputs, of: all),
                try parameters.vector("\(name).bias", outputs, of: all)
            )
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
        self.worker = worker
    }

    /// Inputs [M, I] and attention [1, M], or [0, 0] of a cell without → states [M, H] from zero states.
    func forward(_ inputs: borrowing Matrix, attention: borrowing Matrix, _ packing: Packing) {
        let kernels = worker.kernels
        kernels.dense(
            inputs, gateInputs.weight.value, bias: gateInputs.bias.value, into: &activations.gates)
        kernels.dense(
            inputs, candidateInputs.weight.value, bias: candidateInputs.bias.value,
            into: &activations.candidate)
        if let candidateBias {
            states(candidateBias.value, attention, packing)
        } else {
            states(noBias, attention, packing)
        }
    }

    private func states(_ bias: borrowing Matrix, _ attention: borrowing Matrix, _ packing: Packing) {
        worker.kernels.sequenceForward(
            gates: gates.value, candidate: candidate.value, candidateBias: bias, cell: cell,
            attention: attention, &activations, packing)
    }

    /// Gradients of the states [M, H] (``SequenceGradients/states``) → of the inputs [M, I] and of the attention.
    func backward(_ inputs: borrowing Matrix, attention: borrowing Matrix, _ packing: Packing) {
        let kernels = worker.kernels
        let index = worker.index
        if let candidateBias {  // dU += hᵀ dq, db' += Σ dq
            sums(candidateBias.value, attention, packing)
            kernels.accumulateTransposed(
                activations.previous, gradients.reset, into: &candidate.shares[index].sum)
            kernels.addColumnSums(of: gradients.reset, into: &candidateBias.shares[index].sum)
        } else {  // dU += (r ∘ h)ᵀ zc
            sums(noBias, attention, packing)
            kernels.accumulateTransposed(
                activations.reset, gradients.candidate, into: &candidate.shares[index].sum)
        }
        kernels.accumulateTransposed(activations.previous, gradients.gates, into: &gates.shares[index].sum)
        add(gradients.gates, inputs, to: gateInputs)
        add(gradients.candidate, inputs, to: candidateInputs)
        kernels.product(gradients.gates, gateInputs.weight.transposed, into: &toInput)
        kernels.accumulate(gradients.candidate, candidateInputs.weight.transposed, into: &toInput)
    }

    private func sums(_ bias: borrowing Matrix, _ attention: borrowing Matrix, _ packing: Packing) {
        worker.kernels.sequenceBackward(
            gates: gates.value, candidate: candidate.value, candidateBias: bias,
            gatesTransposed: gates.transposed, candidateTransposed: candidate.transposed, cell: cell,
            attention: attention, activations, &gradients, packing)
    }

    private func add(
        _ gradient: borrowing Matrix, _ inputs: borrowing Matrix,
        to input: (weight: Parameter, bias: Parameter)
    ) {
        worker.kernels.accumulateTransposed(inputs, gradient, into: &input.weight.shares[worker.index].sum)
        worker.kernels.addColumnSums(of: gradient, into: &input.bias.shares[worker.index].sum)
    }
}
