internal import Tensors

/// What is kept a step of a history: rows to which later states of the same user append theirs.
struct StepRows: Sendable {
    private let factRows: AppendOnlyRows
    private let keyPartRows: AppendOnlyRows
    private let gates: AppendOnlyRows
    private let candidate: AppendOnlyRows

    /// Room for `capacity` steps, none of which is there yet.
    init(_ columns: StepColumns, capacity: Int) {
        factRows = AppendOnlyRows(columns: columns.facts, capacity: capacity)
        keyPartRows = AppendOnlyRows(columns: columns.keyParts, capacity: capacity)
        gates = AppendOnlyRows(columns: 2 * columns.projections, capacity: capacity)
        candidate = AppendOnlyRows(columns: columns.projections, capacity: capacity)
    }

    /// Bytes of memory, room for later steps included.
    var bytes: Int { factRows.bytes + keyPartRows.bytes + gates.bytes + candidate.bytes }

    /// Takes the `more` steps after the first `count`; false where there is no room, or another state went on from there:
    /// whoever gets the facts gets the rest.
    func claim(after count: Int, _ more: Int) -> Bool {
        factRows.claim(after: count, more) && keyPartRows.claim(after: count, more)
            && gates.claim(after: count, more) && candidate.claim(after: count, more)
    }

    /// Some steps, to be written by the one who claimed them.
    func steps(_ range: Range<Int>) -> StepMatrices {
        StepMatrices(
            facts: factRows.rows(range), keyParts: keyPartRows.rows(range), projections: projections(range))
    }

    /// The facts of the first steps.
    func facts(_ steps: Int) -> Matrix { factRows.rows(0..<steps) }

    /// The key parts of the first steps.
    func keyParts(_ steps: Int) -> Matrix { keyPartRows.rows(0..<steps) }

    /// The projections of some steps.
    func projections(_ range: Range<Int>) -> Projections {
        Projections(gates: gates.rows(range), candidate: candidate.rows(range))
    }
}

/// How wide the rows of a step are, by architecture; 0 where it keeps nothing.
struct StepColumns: Sendable {
    /// What attention looks at, F: behaviours (DIN), interests, or the states of the second GRU.
    let facts: Int
    /// A1, the first layer of an attention network.
    let keyParts: Int
    /// H, of an evolution layer whose inputs do not depend on the candidate, or by a factor alone.
    let projections: Int

    init(_ configuration: ModelConfiguration) {
        let architecture = configuration.architecture
        facts = configuration.interestSize
        keyParts =
            architecture.hasAttentionNetwork(configuration.preset) ? configuration.attentionHidden[0] : 0
        projections =
            architecture.isRecurrent && architecture != .gruAttention ? configuration.hiddenSize : 0
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
