internal import CKernels

/// How a cell of a sequence keeps its state, h' = k h + (1 - k) c.
public enum SequenceCell: Sendable {
    /// k = z.
    case gru
    /// As ``AttentionGate`` says.
    case attention(AttentionGate)

    var kernel: kernel_cell {
        switch self {
        case .gru: KERNEL_CELL_GRU
        case .attention(.paper): KERNEL_CELL_PAPER
        case .attention(.reference): KERNEL_CELL_REFERENCE
        case .attention(.attention): KERNEL_CELL_ATTENTION
        }
    }
}

/// The recurrent weights of a GRU that is being trained: gates [H, 2H] (r, z) and candidate [H, H], transposed copies
/// for the backward pass, and the candidate's bias [1, H], or [0, 0] where the reset gate comes before the product.
public struct TrainedRecurrence: ~Copyable {
    let gates: Matrix
    let candidate: Matrix
    let gatesTransposed: Matrix
    let candidateTransposed: Matrix
    let candidateBias: Matrix

    /// Copies the weights: they may change before the backward pass, this value does not.
    public init(
        gates: borrowing Matrix, candidate: borrowing Matrix, candidateBias: borrowing Matrix
    ) {
        precondition(gates.columns == 2 * gates.rows && candidate.rows == gates.rows, "two gates")
        precondition(candidate.columns == candidate.rows, "the candidate is as wide as the state")
        precondition(candidateBias.rows == 0 || candidateBias.columns == gates.rows, "one bias a channel")
        gatesTransposed = gates.transposed()
        candidateTransposed = candidate.transposed()
        self.gates = gates.copy()
        self.candidate = candidate.copy()
        self.candidateBias = candidateBias.copy()
    }

    func withKernel(_ body: (UnsafePointer<kernel_recurrence>) -> Void) {
        let bias: UnsafePointer<Float>? =
            unsafe candidateBias.rows == 0 ? nil : UnsafePointer(candidateBias.base)
        let recurrence = unsafe kernel_recurrence(
            hidden: gates.rows, gates: gates.constantRows, candidate: candidate.constantRows,
            candidate_bias: bias)
        unsafe withUnsafePointer(to: recurrence) { unsafe body($0) }
    }
}

/// What a GRU over packed sequences computed, row by row: M rows in all.
public struct SequenceActivations: ~Copyable {
    /// [M, 1]
    public let attention: Matrix
    /// The state before, [M, H].
    public let previous: Matrix
    /// r and z, [M, 2H].
    public let gates: Matrix
    /// h U + bias (reset after the product), or r ∘ h (before it), [M, H].
    public let reset: Matrix
    /// c, [M, H].
    public let candidate: Matrix
    /// The state after, [M, H].
    public let states: Matrix

    var kernel: kernel_sequence {
        unsafe kernel_sequence(
            attention: attention.constantRows, previous: previous.mutableRows, gates: gates.mutableRows,
            reset: reset.mutableRows, candidate: candidate.mutableRows, states: states.mutableRows)
    }
}

/// The gradients that a GRU over packed sequences passes back.
public struct SequenceGradients: ~Copyable {
    /// Of the gates' input projection, [M, 2H].
    public let gates: Matrix
    /// Of h U + bias where the reset gate comes after the product, [M, H].
    public let reset: Matrix
    /// Of the candidate's input projection, [M, H].
    public let candidate: Matrix
    /// Of the attention, [M, 1].
    public let attention: Matrix
}

extension Kernels {
    /// The states of a GRU over packed sequences, from zero states: `counts[t]` rows at step t, never growing.
    /// `gates` [M, 2H] and `candidate` [M, H] are x W + b; attention is [M, 1].
    public func sequenceForward(
        _ weights: borrowing TrainedRecurrence, cell: SequenceCell, counts: [Int], gates: consuming Matrix,
        candidate: consuming Matrix, attention: consuming Matrix
    ) -> SequenceActivations {
        let (rows, hidden) = (candidate.rows, candidate.columns)
        precondition(counts.reduce(0, +) == rows && gates.rows == rows && attention.rows == rows, "M rows")
        precondition(zip(counts, counts.dropFirst()).allSatisfy { $0 >= $1 }, "counts grow")
        precondition(weights.gates.rows == hidden && gates.columns == 2 * hidden, "not of the state's width")
        precondition(attention.columns == 1, "one attention a row")
        let result = SequenceActivations(
            attention: attention, previous: Matrix(rows: rows, columns: hidden), gates: gates,
            reset: Matrix(rows: rows, columns: hidden), candidate: candidate,
            states: Matrix(rows: rows, columns: hidden))
        let sequence = unsafe result.kernel
        unsafe weights.withKernel { recurrence in
            unsafe withUnsafePointer(to: sequence) { sequence in
                unsafe table.pointee.sequence_forward(
                    recurrence, cell.kernel, counts.count, counts, sequence)
            }
        }
        return result
    }

    /// The gradients, given `states` [M, H], those of whatever uses the states outside the recurrence.
    public func sequenceBackward(
        _ weights: borrowing TrainedRecurrence, cell: SequenceCell, counts: [Int],
        _ activations: borrowing SequenceActivations, states: consuming Matrix
    ) -> SequenceGradients {
        let (rows, hidden) = (activations.states.rows, activations.states.columns)
        precondition(states.rows == rows && states.columns == hidden, "states are not [M, H]")
        let result = SequenceGradients(
            gates: Matrix(rows: rows, columns: 2 * hidden), reset: Matrix(rows: rows, columns: hidden),
            candidate: Matrix(rows: rows, columns: hidden), attention: Matrix(rows: rows, columns: 1))
        let kept = Matrix(rows: counts.first ?? 0, columns: hidden)
        let sequence = unsafe activations.kernel
        let gradients = unsafe kernel_sequence_gradients(
            gates_transposed: weights.gatesTransposed.constantRows,
            candidate_transposed: weights.candidateTransposed.constantRows, states: states.mutableRows,
            gates: result.gates.mutableRows, reset: result.reset.mutableRows,
            candidate: result.candidate.mutableRows, attention: result.attention.mutableRows,
            kept: kept.mutableRows)
        defer { withExtendedLifetime(states) {} }
        withExtendedLifetime(kept) {
            unsafe weights.withKernel { recurrence in
                unsafe withUnsafePointer(to: sequence) { sequence in
                    unsafe withUnsafePointer(to: gradients) { gradients in
                        unsafe table.pointee.sequence_backward(
                            recurrence, cell.kernel, counts.count, counts, sequence, gradients)
                    }
                }
            }
        }
        return result
    }
}
