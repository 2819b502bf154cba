internal import CKernels

/// The recurrent half of a GRU, U: what multiplies the state.
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
        precondition(candidateBias == nil || candidateBias?.count == hidden, "one bias a channel")
        self.gates = gates
        self.candidate = candidate
        self.candidateBias = candidateBias
    }
}

/// Which coefficient k an attention GRU keeps its state by, h' = k h + (1 - k) c, with z the keep gate.
public enum AttentionGate: Sendable {
    /// k = 1 - a (1 - z): attention scales the update gate (arXiv 1809.03672, AUGRU).
    case paper
    /// k = (1 - a) z, as in the authors' program.
    case reference
    /// k = 1 - a: attention is the update gate (AGRU), and z has no effect.
    case attention

    var keep: kernel_keep {
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

    var sequence: kernel_projections {
        unsafe kernel_projections(
            steps: gates.rows, gates: gates.constantRows, candidate: candidate.constantRows)
    }
}

extension Kernels {
    /// states [T, H] of a GRU over a sequence, from a zero state.
    public func gru(_ weights: RecurrentWeights, _ inputs: borrowing Projections, into states: inout Matrix) {
        precondition(inputs.candidate.columns == weights.hidden, "projections are not of the state's width")
        precondition(
            states.rows == inputs.gates.rows && states.columns == weights.hidden, "states are not [T, H]")
        let scratch = Matrix(rows: 1, columns: kernel_recurrence_scratch(weights.hidden))
        withExtendedLifetime(scratch) {
            unsafe weights.withKernel { recurrence in
                unsafe table.pointee.gru(recurrence, inputs.sequence, states.mutableRows, scratch.base)
            }
        }
    }

    /// The last states [N, H] of N attention GRUs over one sequence, from zero states; attention is [N, T].
    public func augru(
        _ weights: RecurrentWeights, gate: AttentionGate, _ inputs: borrowing Projections,
        attention: borrowing Matrix, into states: inout Matrix
    ) {
        precondition(inputs.candidate.columns == weights.hidden, "projections are not of the state's width")
        precondition(attention.columns == inputs.gates.rows, "one attention a step")
        precondition(
            states.rows == attention.rows && states.columns == weights.hidden, "states are not [N, H]")
        let scratch = Matrix(rows: 1, columns: kernel_recurrence_scratch(weights.hidden))
        withExtendedLifetime(scratch) {
            unsafe weights.withKernel { recurrence in
                unsafe table.pointee.augru(
                    recurrence, gate.keep, states.rows, inputs.sequence, attention.constantRows,
                    states.mutableRows,
                    scratch.base)
            }
        }
    }
}

extension RecurrentWeights {
    /// The C view of the weights, valid inside `body`.
    func withKernel(_ body: (UnsafePointer<kernel_recurrence>) -> Void) {
        let bias = unsafe candidateBias?.values
        let recurrence = unsafe kernel_recurrence(
            hidden: hidden, gates: gates.rows, candidate: candidate.rows, candidate_bias: bias)
        unsafe withUnsafePointer(to: recurrence) { unsafe body($0) }
    }
}
