/// Rows of one feature's embedding table, one an element.
public struct FeatureRows: Sendable, Equatable {
    /// The table.
    public var table: String
    /// One row an element.
    public var rows: [Int]

    /// `rows` of `table`.
    public init(table: String, rows: [Int]) {
        self.table = table
        self.rows = rows
    }
}

/// Where the steps of B sequences stand when they are packed: step after step, the longest sequence first, no padding.
public struct SequenceLayout: Sendable, Equatable {
    /// Steps of each sequence, which never grow.
    public let lengths: [Int]
    /// Sequences that reach step t.
    public let counts: [Int]
    /// Where step t begins.
    public let offsets: [Int]

    /// The layout of sequences that are sorted, the longest first.
    public init(lengths: [Int]) {
        precondition(zip(lengths, lengths.dropFirst()).allSatisfy { $0 >= $1 }, "the longest comes first")
        self.lengths = lengths
        let steps = lengths.first ?? 0
        counts = (0..<steps).map { step in lengths.prefix { $0 > step }.count }
        var offsets: [Int] = []
        var next = 0
        for count in counts {
            offsets.append(next)
            next += count
        }
        self.offsets = offsets
    }

    /// Rows in all, M.
    public var rows: Int { lengths.reduce(0, +) }

    /// The row of step t of sequence b.
    public func row(_ t: Int, _ b: Int) -> Int { offsets[t] + b }

    /// The sequence of each row.
    public var sequences: [Int] { counts.flatMap { 0..<$0 } }
}

/// B samples, those with the longest history first. Histories are packed as ``SequenceLayout`` says.
public struct Batch: Sendable {
    /// B rows a feature.
    public var profile, context, targets: [FeatureRows]
    /// M rows a feature.
    public var history: [FeatureRows]
    /// The auxiliary loss's negatives, M rows a feature; those of first steps are not used. Empty: no auxiliary loss.
    public var negatives: [FeatureRows]
    /// The histories' lengths.
    public var layout: SequenceLayout
    /// 1 for a click, 0 for none.
    public var labels: [Float]

    /// A batch; precondition: every list has its B or M elements.
    public init(
        profile: [FeatureRows], context: [FeatureRows], targets: [FeatureRows], history: [FeatureRows],
        negatives: [FeatureRows], layout: SequenceLayout, labels: [Float]
    ) {
        precondition(layout.lengths.count == labels.count, "one history a label")
        precondition((profile + context + targets).allSatisfy { $0.rows.count == labels.count }, "B rows")
        precondition((history + negatives).allSatisfy { $0.rows.count == layout.rows }, "M rows")
        self.profile = profile
        self.context = context
        self.targets = targets
        self.history = history
        self.negatives = negatives
        self.layout = layout
        self.labels = labels
    }
}
