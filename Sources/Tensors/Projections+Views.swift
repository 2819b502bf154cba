extension Projections {
    /// Of these matrices, which may be views: `gates` [T, 2H], `candidate` [T, H].
    public init(gates: consuming Matrix, candidate: consuming Matrix) {
        precondition(gates.rows == candidate.rows, "projections of one sequence have one length")
        precondition(gates.columns == 2 * candidate.columns, "two gates of the state's width")
        self.init(steps: 0, hidden: 0)
        self.gates = gates
        self.candidate = candidate
    }

    /// Other extents in the same memory where it suffices; the elements mean nothing until they are written.
    public mutating func resize(steps: Int, hidden: Int) {
        gates.resize(rows: steps, columns: 2 * hidden)
        candidate.resize(rows: steps, columns: hidden)
    }

    /// Bytes of memory of their own.
    public var bytes: Int { gates.bytes + candidate.bytes }
}
