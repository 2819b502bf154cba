public import Tensors

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
    /// How many sequences reach each step.
    public let packing: Packing
    /// Where step t begins.
    public let offsets: [Int]

    /// The layout of sequences that are sorted, the longest first.
    public init(lengths: [Int]) {
        precondition(zip(lengths, lengths.dropFirst()).allSatisfy { $0 >= $1 }, "the longest comes first")
        self.lengths = lengths
        let steps = lengths.first ?? 0
        var counts: [Int] = []
        var offsets: [Int] = []
        var (count, next) = (lengths.count, 0)
        for step in 0..<steps {
            while lengths[count - 1] <= step { count -= 1 }
            counts.append(count)
            offsets.append(next)
            next += count
        }
        packing = Packing(counts: counts)
        self.offsets = offsets
    }

    /// Sequences that reach step t.
    public var counts: [Int] { packing.counts }

    /// Rows in all, M.
    public var rows: Int { packing.rows }

    /// Pairs of a step and the next one.
    public var pairs: Int { rows - (counts.first ?? 0) }

    /// The row of step t of sequence b.
    public func row(_ t: Int, _ b: Int) -> Int { offsets[t] + b }
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

    /// The sample that is row `row` of a part: they are dealt to and fro, 0 1 1 0 0 1 and so on, so that parts have nearly
    /// the same steps, since the samples are sorted.
    static func sample(_ row: Int, ofPart index: Int, of count: Int) -> Int {
        row * count + (row.isMultiple(of: 2) ? index : count - 1 - index)
    }

    /// The samples of one of `count` parts, in their order.
    func part(_ index: Int, of count: Int) -> Batch {
        guard count > 1 else { return self }
        let samples = (0..<labels.count.dividedUp(by: count))
            .map { Self.sample($0, ofPart: index, of: count) }.filter { $0 < labels.count }
        let steps = layout.counts.enumerated().flatMap { t, reached in
            samples.prefix { $0 < reached }.map { layout.row(t, $0) }
        }
        func pick(_ features: [FeatureRows], _ elements: [Int]) -> [FeatureRows] {
            features.map { feature in
                FeatureRows(table: feature.table, rows: elements.map { feature.rows[$0] })
            }
        }
        return Batch(
            profile: pick(profile, samples), context: pick(context, samples), targets: pick(targets, samples),
            history: pick(history, steps), negatives: pick(negatives, steps),
            layout: SequenceLayout(lengths: samples.map { layout.lengths[$0] }),
            labels: samples.map { labels[$0] })
    }
}

extension Int {
    fileprivate func dividedUp(by divisor: Int) -> Int { (self + divisor - 1) / divisor }
}
