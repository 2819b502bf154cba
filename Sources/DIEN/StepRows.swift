internal import Tensors

/// What is kept a step of a history: rows to which later states of the same user append theirs.
struct StepRows: Sendable {
    private let rows: AppendOnlyRows

    /// Room for `capacity` steps, none of which is there yet.
    init(_ columns: StepColumns, capacity: Int) {
        rows = AppendOnlyRows(columns.layout, capacity: capacity)
    }

    /// Bytes of memory, room for later steps included.
    var bytes: Int { rows.bytes }

    /// Takes the `more` steps after the first `count`; false where there is no room, or another state went on from there.
    func claim(after count: Int, _ more: Int) -> Bool { rows.claim(after: count, more) }

    /// Some steps, to be written by the one who claimed them.
    func steps(_ range: Range<Int>) -> StepMatrices {
        StepMatrices(
            facts: part(.facts, range), keyParts: part(.keyParts, range), projections: projections(range))
    }

    /// The facts of the first steps.
    func facts(_ steps: Int) -> Matrix { part(.facts, 0..<steps) }

    /// The key parts of the first steps.
    func keyParts(_ steps: Int) -> Matrix { part(.keyParts, 0..<steps) }

    /// The projections of some steps.
    func projections(_ range: Range<Int>) -> Projections {
        Projections(gates: part(.gates, range), candidate: part(.candidate, range))
    }

    private func part(_ part: StepColumns.Part, _ steps: Range<Int>) -> Matrix {
        rows.rows(steps, of: part.rawValue)
    }
}

/// How wide the rows of a step are, by architecture; 0 where it keeps nothing.
struct StepColumns: Sendable {
    /// What attention looks at, F: behaviours (DIN), interests, or the states of the second GRU.
    let facts: Int
    /// Of the matrices of ``Part``.
    let layout: RowLayout

    /// The matrices, in the order in which they stand.
    enum Part: Int {
        /// [T, F]
        case facts
        /// [T, A1], of the first layer of an attention network.
        case keyParts
        /// [T, 2H] and [T, H], of an evolution layer whose inputs do not depend on the candidate, or by a factor alone.
        case gates, candidate
    }

    init(_ configuration: ModelConfiguration) {
        let architecture = configuration.architecture
        facts = configuration.interestSize
        let keyParts =
            architecture.hasAttentionNetwork(configuration.preset) ? configuration.attentionHidden[0] : 0
        let hidden =
            architecture.isRecurrent && architecture != .gruAttention ? configuration.hiddenSize : 0
        layout = RowLayout(columns: [facts, keyParts, 2 * hidden, hidden])
    }
}

/// The rows of some steps of a history.
struct StepMatrices: ~Copyable, Sendable {
    /// [k, F]
    var facts: Matrix
    /// [k, A1]
    var keyParts: Matrix
    /// The evolution layer's W h + b, or W h alone where attention scales the inputs (AIGRU); [k, 2H] and [k, H].
    var projections: Projections
}

extension UserState {
    /// Its steps, in other memory.
    func copySteps(into other: inout StepMatrices, _ kernels: Kernels) {
        kernels.copy(facts, into: &other.facts)
        kernels.copy(keyParts, into: &other.keyParts)
        kernels.copy(projections.values.gates, into: &other.projections.gates)
        kernels.copy(projections.values.candidate, into: &other.projections.candidate)
    }
}
