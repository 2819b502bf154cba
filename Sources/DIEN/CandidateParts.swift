internal import Tensors

/// What a plan computes of candidates alone, whoever the user is: a row a candidate of a block, or one that is kept.
struct CandidateParts: ~Copyable, Sendable {
    /// The targets e, [B, D].
    var targets: Matrix
    /// What attention asks with, [B, F].
    var queries: Matrix
    /// Their part of an attention network's first layer, [B, A1].
    var queryParts: Matrix
    /// Their part of the head's first layer, [B, its width].
    var headParts: Matrix

    /// Zeros for so many candidates.
    init(rows: Int, _ columns: CandidateColumns) {
        targets = Matrix(rows: rows, columns: columns.targets)
        queries = Matrix(rows: rows, columns: columns.queries)
        queryParts = Matrix(rows: rows, columns: columns.queryParts)
        headParts = Matrix(rows: rows, columns: columns.headParts)
    }

    /// Bytes of its memory.
    var bytes: Int { targets.bytes + queries.bytes + queryParts.bytes + headParts.bytes }

    /// Rows for so many candidates, which mean nothing until they are written.
    mutating func resize(rows: Int, _ columns: CandidateColumns) {
        targets.resize(rows: rows, columns: columns.targets)
        queries.resize(rows: rows, columns: columns.queries)
        queryParts.resize(rows: rows, columns: columns.queryParts)
        headParts.resize(rows: rows, columns: columns.headParts)
    }

    /// Takes a candidate over from where the same plan computed it.
    mutating func copyRow(_ sourceRow: Int, of source: borrowing CandidateParts, toRow row: Int) {
        targets.copyRow(sourceRow, of: source.targets, toRow: row, column: 0)
        queries.copyRow(sourceRow, of: source.queries, toRow: row, column: 0)
        queryParts.copyRow(sourceRow, of: source.queryParts, toRow: row, column: 0)
        headParts.copyRow(sourceRow, of: source.headParts, toRow: row, column: 0)
    }
}

/// How wide the rows of a candidate are, by architecture; 0 where it has none.
struct CandidateColumns: Sendable {
    /// D.
    let targets: Int
    /// F, where there is attention.
    let queries: Int
    /// A1, where attention is a network.
    let queryParts: Int
    /// The head's first layer.
    let headParts: Int
    /// Features of a candidate.
    let features: Int

    /// Of nothing yet.
    static let none = CandidateColumns(targets: 0, queries: 0, queryParts: 0, headParts: 0, features: 0)
}

extension CandidateColumns {
    init(_ configuration: ModelConfiguration) {
        let architecture = configuration.architecture
        targets = configuration.itemSize
        queries = configuration.interestSize
        queryParts =
            architecture.hasAttentionNetwork(configuration.preset) ? configuration.attentionHidden[0] : 0
        headParts = configuration.headHidden[0]
        features = configuration.candidates.count
    }
}
