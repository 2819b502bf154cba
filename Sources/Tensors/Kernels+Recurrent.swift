internal import CKernels

/// The recurrent half of a GRU, U: what multiplies the state. Scaled by ``ActivationScale``, as the inputs are.
public struct RecurrentWeights: Sendable {
    /// Width of the state, H.
    public var hidden: Int { candidate.outputs }
    let gates: PackedMatrix
    let candidate: PackedMatrix
    let candidateBias: PackedVector?

    /// `gates` is [2H, H], the reset gate's rows and then the keep gate's; `candidate` is [H, H].
    /// With a `candidateBias` [H] the reset gate is applied after the product, without one before it.
    public init(gates: PackedMatrix, candidate: PackedMatrix, candidateBias: PackedVector?) {
        let hidden = candidate.outputs
        precondition(candidate.inputs == hidden && gates.inputs == hidden, "recurrent weights take the state")
        precondition(gates.outputs == 2 * hidden, "two gates of the state's width")
        precondition(gates.precision == candidate.precision, "one precision")
        precondition(candidateBias == nil || candidateBias?.count == hidden, "one bias a channel")
        self.gates = gates
        self.candidate = candidate
        self.candidateBias = candidateBias
    }
}

/// The biases of a GRU's input half: r and then z, [2H], and c, [H].
public struct InputBias: Sendable {
    let gates: PackedVector
    let candidate: PackedVector

    /// `gates` is [2H], `candidate` [H].
    public init(gates: PackedVector, candidate: PackedVector) {
        precondition(gates.count == 2 * candidate.count, "two gates of the state's width")
        self.gates = gates
        self.candidate = candidate
    }
}

/// Where attention enters an attention GRU.
public enum AttentionCell: Sendable {
    /// Its update gate (AGRU, AUGRU).
    case gate(AttentionGate)
    /// Its inputs, a x, of which the projections are W x without these biases; k = z (AIGRU).
    case inputs(InputBias)
}

/// Which coefficient k an attention GRU keeps its state by, h' = k h + (1 - k) c, with z the keep gate.
public enum AttentionGate: Sendable {
    /// k = 1 - a (1 - z): attention scales the update gate (arXiv 1809.03672, AUGRU).
    case paper
    /// k = (1 - a) z, as in the authors' program.
    case reference
    /// k = 1 - a: attention is the update gate (AGRU), and z has no effect.
    case attention

    fileprivate var keep: kernel_keep {
        switch self {
        case .paper: KERNEL_KEEP_PAPER
        case .reference: KERNEL_KEEP_REFERENCE
        case .attention: KERNEL_KEEP_ATTENTION
        }
    }
}

/// The input half of a GRU over a sequence, x W + b, computed for all T steps at once.
public struct Projections: ~Copyable, Sendable {
    /// [T, 2H]: the reset gate's, then the keep gate's.
    public var gates: Matrix
    /// [T, H].
    public var candidate: Matrix

    /// Zeros for `steps` steps.
    public init(steps: Int, hidden: Int) {
        gates = Matrix(rows: steps, columns: 2 * hidden)
        candidate = Matrix(rows: steps, columns: hidden)
    }

    /// The first `steps` steps from `first` on.
    func sequence(_ first: Int, _ steps: Int) -> kernel_projections {
        unsafe kernel_projections(
            steps: steps, gates: gates.constantRows(from: first),
            candidate: candidate.constantRows(from: first))
    }
}

/// Projections that are complete, and read by whoever holds them.
@safe public final class SharedProjections: @unchecked Sendable {
    // @unchecked because nothing writes them any more.
    /// The projections.
    public let values: Projections

    /// Takes the projections over.
    public init(_ values: consuming Projections) { self.values = values }
}

/// One of the sequences of a ``Kernels/gru(_:_:_:into:scratch:)``.
public struct GRUSequence: Sendable {
    /// Rows of the projections, one a step.
    public var inputs: Range<Int>
    /// The row of the states to start from, written before the call; nil for zero.
    public var initial: Int?
    /// The row of the states that the first step writes; the others follow.
    public var states: Int

    /// A sequence of `inputs.count` steps.
    public init(inputs: Range<Int>, initial: Int? = nil, states: Int) {
        self.inputs = inputs
        self.initial = initial
        self.states = states
    }
}

/// What one row of an attention GRU runs over.
public struct AttentionSequence: Sendable {
    /// The inputs, which rows may share.
    public var projections: SharedProjections
    /// How many of them, from the first.
    public var steps: Int

    /// The first `steps` steps of `projections`.
    public init(_ projections: SharedProjections, steps: Int) {
        self.projections = projections
        self.steps = steps
    }
}

extension Kernels {
    /// The states of a GRU over several sequences at once, the longest first, each from a state of its own.
    ///
    /// The bits of a sequence's states do not depend on the others, nor on how it is cut into calls.
    /// Precondition: no sequence starts from a row that another one writes.
    public func gru(
        _ weights: RecurrentWeights, _ inputs: borrowing Projections, _ sequences: [GRUSequence],
        into states: inout Matrix, scratch: inout KernelScratch
    ) {
        precondition(inputs.candidate.columns == weights.hidden, "projections are not of the state's width")
        precondition(states.columns == weights.hidden, "states are not [.., H]")
        var longest = Int.max
        for sequence in sequences {
            let steps = sequence.inputs.count
            precondition(steps <= longest, "a sequence is longer than the one before")
            precondition(
                sequence.inputs.lowerBound >= 0 && sequence.inputs.upperBound <= inputs.gates.rows
                    && sequence.states >= 0 && sequence.states + steps <= states.rows, "rows outside")
            longest = steps
            var initial: UnsafePointer<Float>?
            if let row = sequence.initial { unsafe initial = states.constantRows(from: row).values }
            unsafe scratch.sequences.append(
                kernel_gru_sequence(
                    inputs: inputs.sequence(sequence.inputs.lowerBound, steps), initial: initial,
                    states: states.mutableRows(from: sequence.states)))
        }
        let memory = unsafe scratch.floats(kernel_recurrence_scratch(weights.hidden))
        unsafe weights.withKernel { recurrence in
            unsafe scratch.sequences.withUnsafeBufferPointer { buffer in
                guard let first = buffer.baseAddress else { return }
                unsafe table.pointee.gru(recurrence, buffer.count, first, memory)
            }
        }
        unsafe scratch.sequences.removeAll(keepingCapacity: true)
    }

    /// states [T, H] of a GRU over one sequence, from a zero state.
    public func gru(
        _ weights: RecurrentWeights, _ inputs: borrowing Projections, into states: inout Matrix,
        scratch: inout KernelScratch
    ) {
        precondition(states.rows == inputs.gates.rows, "states are not [T, H]")
        gru(
            weights, inputs, [GRUSequence(inputs: 0..<inputs.gates.rows, states: 0)], into: &states,
            scratch: &scratch)
    }

    /// The last states [N, H] of N attention GRUs from zero states, each over a sequence of its own, the longest first;
    /// attention is [N, the longest]. A state's bits do not depend on the other rows.
    public func attentionGRU(
        _ weights: RecurrentWeights, cell: AttentionCell, _ sequences: [AttentionSequence],
        attention: borrowing Matrix, into states: inout Matrix, scratch: inout KernelScratch
    ) {
        precondition(
            attention.rows == sequences.count && attention.columns >= sequences.first?.steps ?? 0,
            "attention is not [N, T]")
        var longest = Int.max
        for sequence in sequences {
            let projections = sequence.projections
            precondition(sequence.steps <= longest, "a sequence is longer than the one before")
            precondition(
                projections.values.candidate.columns == weights.hidden,
                "projections are not of the state's width")
            precondition(
                (0...projections.values.gates.rows).contains(sequence.steps), "more steps than projections")
            longest = sequence.steps
            unsafe scratch.projections.append(projections.values.sequence(0, sequence.steps))
        }
        withExtendedLifetime(sequences) {
            attentionGRU(weights, cell, spread: 1, attention, &states, &scratch)
        }
    }

    /// The last states [N, H] of N attention GRUs over one sequence, from zero states; attention is [N, T].
    public func attentionGRU(
        _ weights: RecurrentWeights, cell: AttentionCell, _ inputs: borrowing Projections,
        attention: borrowing Matrix, into states: inout Matrix, scratch: inout KernelScratch
    ) {
        precondition(inputs.candidate.columns == weights.hidden, "projections are not of the state's width")
        precondition(attention.columns == inputs.gates.rows, "one attention a step")
        unsafe scratch.projections.append(inputs.sequence(0, inputs.gates.rows))
        attentionGRU(weights, cell, spread: 0, attention, &states, &scratch)
    }

    /// Runs over the projections noted in `scratch`, and forgets them.
    private func attentionGRU(
        _ weights: RecurrentWeights, _ cell: AttentionCell, spread: Int, _ attention: borrowing Matrix,
        _ states: inout Matrix, _ scratch: inout KernelScratch
    ) {
        precondition(
            states.rows == attention.rows && states.columns == weights.hidden, "states are not [N, H]")
        let memory = unsafe scratch.floats(cell.scratch(weights.hidden))
        let (rows, attention, last) = unsafe (states.rows, attention.constantRows, states.mutableRows)
        unsafe weights.withKernel { recurrence in
            unsafe scratch.projections.withUnsafeBufferPointer { buffer in
                guard let first = buffer.baseAddress else { return }
                switch cell {
                case .gate(let gate):
                    unsafe table.pointee.augru(
                        recurrence, gate.keep, rows, first, spread, attention, last, memory)
                case .inputs(let bias):
                    precondition(bias.candidate.count == weights.hidden, "biases of the state's width")
                    unsafe table.pointee.aigru(
                        recurrence, bias.gates.values, bias.candidate.values, rows, first, spread, attention,
                        last, memory)
                }
            }
        }
        unsafe scratch.projections.removeAll(keepingCapacity: true)
    }
}

extension AttentionCell {
    fileprivate func scratch(_ hidden: Int) -> Int {
        switch self {
        case .gate: kernel_recurrence_scratch(hidden)
        case .inputs: kernel_scaled_inputs_scratch(hidden)
        }
    }
}

extension RecurrentWeights {
    /// The C view of the weights, valid inside `body`.
    func withKernel(_ body: (UnsafePointer<kernel_recurrence>) -> Void) {
        let bias = unsafe candidateBias?.values
        let recurrence = unsafe kernel_recurrence(
            hidden: hidden, gates: gates.rows, candidate: candidate.rows, candidate_bias: bias,
            pairs: candidate.precision == .bf16 ? 1 : 0)
        unsafe withUnsafePointer(to: recurrence) { unsafe body($0) }
    }
}
