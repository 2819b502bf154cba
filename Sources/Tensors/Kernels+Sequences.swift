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

/// What a GRU over packed sequences computed, row by row: M rows in all. Its memory is used again by the next batch.
public struct SequenceActivations: ~Copyable {
    /// The state before, [M, H].
    public private(set) var previous = Matrix(rows: 0, columns: 0)
    /// In: x W + b; out: r and z. [M, 2H]
    public var gates = Matrix(rows: 0, columns: 0)
    /// h U + bias (reset after the product), or r ∘ h (before it), [M, H].
    public private(set) var reset = Matrix(rows: 0, columns: 0)
    /// In: x W + b; out: c. [M, H]
    public var candidate = Matrix(rows: 0, columns: 0)
    /// The state after, [M, H].
    public private(set) var states = Matrix(rows: 0, columns: 0)

    /// Of no row.
    public init() {}

    mutating func resize(rows: Int, hidden: Int) {
        previous.resize(rows: rows, columns: hidden)
        reset.resize(rows: rows, columns: hidden)
        states.resize(rows: rows, columns: hidden)
    }

    func kernel(attention: kernel_rows) -> kernel_sequence {
        unsafe kernel_sequence(
            attention: attention, previous: previous.mutableRows, gates: gates.mutableRows,
            reset: reset.mutableRows, candidate: candidate.mutableRows, states: states.mutableRows)
    }
}

/// The gradients that a GRU over packed sequences passes back.
public struct SequenceGradients: ~Copyable {
    /// In: of whatever uses the states outside the recurrence; spent. [M, H]
    public var states = Matrix(rows: 0, columns: 0)
    /// Of the gates' input projection, [M, 2H].
    public private(set) var gates = Matrix(rows: 0, columns: 0)
    /// Of h U + bias where the reset gate comes after the product, [M, H].
    public private(set) var reset = Matrix(rows: 0, columns: 0)
    /// Of the candidate's input projection, [M, H].
    public private(set) var candidate = Matrix(rows: 0, columns: 0)
    /// Of the attention, [1, M].
    public var attention = Matrix(rows: 0, columns: 0)
    fileprivate var kept = Matrix(rows: 0, columns: 0)

    /// Of no row.
    public init() {}

    mutating func resize(rows: Int, sequences: Int, hidden: Int) {
        gates.resize(rows: rows, columns: 2 * hidden)
        reset.resize(rows: rows, columns: hidden)
        candidate.resize(rows: rows, columns: hidden)
        attention.resize(rows: 1, columns: rows)
        kept.resize(rows: sequences, columns: hidden)
    }
}

extension Kernels {
    /// The states of a GRU over packed sequences, from zero states. Recurrent weights gates [H, 2H] (r, z) and candidate
    /// [H, H]; the candidate's bias is [1, H], or [0, 0] where the reset gate comes before the product. Attention is
    /// [1, M], or [0, 0] for a cell without.
    public func sequenceForward(
        gates: borrowing Matrix, candidate: borrowing Matrix, candidateBias: borrowing Matrix,
        cell: SequenceCell, attention: borrowing Matrix, _ activations: inout SequenceActivations,
        _ packing: Packing
    ) {
        let hidden = candidate.rows
        activations.resize(rows: packing.rows, hidden: hidden)
        activations.check(packing, hidden: hidden)
        let sequence = unsafe activations.kernel(attention: attention.attentionRows(packing.rows))
        let recurrence = unsafe recurrence(gates, candidate, candidateBias)
        unsafe packing.withKernel { packing in
            unsafe withUnsafePointer(to: recurrence) { recurrence in
                unsafe withUnsafePointer(to: sequence) { sequence in
                    unsafe training.sequence_forward(recurrence, cell.kernel, packing, sequence)
                }
            }
        }
    }

    /// The gradients of what ``sequenceForward`` took, given those of the states; arguments as there, and the weights
    /// transposed, gates [2H, H] and candidate [H, H].
    public func sequenceBackward(
        gates: borrowing Matrix, candidate: borrowing Matrix, candidateBias: borrowing Matrix,
        gatesTransposed: borrowing Matrix, candidateTransposed: borrowing Matrix, cell: SequenceCell,
        attention: borrowing Matrix, _ activations: borrowing SequenceActivations,
        _ gradients: inout SequenceGradients, _ packing: Packing
    ) {
        let hidden = candidate.rows
        activations.check(packing, hidden: hidden)
        precondition(gatesTransposed.rows == 2 * hidden && gatesTransposed.columns == hidden, "[2H, H]")
        precondition(candidateTransposed.hasShape(of: candidate), "[H, H]")
        precondition(gradients.states.hasShape(of: activations.states), "states are not [M, H]")
        gradients.resize(rows: packing.rows, sequences: packing.counts.first ?? 0, hidden: hidden)
        let sequence = unsafe activations.kernel(attention: attention.attentionRows(packing.rows))
        let back = unsafe kernel_sequence_gradients(
            gates_transposed: gatesTransposed.constantRows,
            candidate_transposed: candidateTransposed.constantRows, states: gradients.states.mutableRows,
            gates: gradients.gates.mutableRows, reset: gradients.reset.mutableRows,
            candidate: gradients.candidate.mutableRows,
            attention: kernel_mutable_rows(values: gradients.attention.base, stride: 1),
            kept: gradients.kept.mutableRows)
        let recurrence = unsafe recurrence(gates, candidate, candidateBias)
        unsafe packing.withKernel { packing in
            unsafe withUnsafePointer(to: recurrence) { recurrence in
                unsafe withUnsafePointer(to: sequence) { sequence in
                    unsafe withUnsafePointer(to: back) { back in
                        unsafe training.sequence_backward(recurrence, cell.kernel, packing, sequence, back)
                    }
                }
            }
        }
    }

    private func recurrence(
        _ gates: borrowing Matrix, _ candidate: borrowing Matrix, _ bias: borrowing Matrix
    ) -> kernel_recurrence {
        precondition(gates.columns == 2 * gates.rows && candidate.rows == gates.rows, "two gates")
        precondition(candidate.columns == candidate.rows, "the candidate is as wide as the state")
        return unsafe kernel_recurrence(
            hidden: gates.rows, gates: gates.constantRows, candidate: candidate.constantRows,
            candidate_bias: bias.optionalVector(gates.rows), pairs: 0)
    }
}

extension SequenceActivations {
    fileprivate func check(_ packing: Packing, hidden: Int) {
        precondition(gates.rows == packing.rows && gates.columns == 2 * hidden, "gates are not [M, 2H]")
        precondition(
            candidate.rows == packing.rows && candidate.columns == hidden, "candidate is not [M, H]")
        precondition(states.rows == packing.rows && states.columns == hidden, "states are not [M, H]")
    }
}

extension Matrix {
    /// One attention a row of [1, count]; of [0, 0], zero for every row.
    fileprivate func attentionRows(_ count: Int) -> kernel_rows {
        precondition(isVector(of: count) || rows == 0, "one attention a row")
        // A matrix without rows has one vector of zeros all the same.
        return unsafe kernel_rows(values: base, stride: rows == 0 ? 0 : 1)
    }
}
