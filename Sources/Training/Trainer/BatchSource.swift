internal import DIEN
internal import Datasets

/// The samples of a split as batches in the layout that a network takes.
struct BatchSource {
    private let samples: Samples
    private let configuration: ModelConfiguration
    private let maxHistory: Int
    private let negatives: NegativeSampler?
    /// Behaviours of each sample, the newest `maxHistory` of them.
    let lengths: [Int]

    /// Samples of a data set that has the features of `configuration`; `negatives` is nil without auxiliary loss.
    init(
        _ samples: Samples, _ configuration: ModelConfiguration, maxHistory: Int, negatives: NegativeSampler?
    ) {
        self.samples = samples
        self.configuration = configuration
        self.maxHistory = maxHistory
        self.negatives = negatives
        lengths = (0..<samples.count).map { samples.length($0, maxHistory: maxHistory) }
    }

    /// Samples, those with the longest history first, as a batch; epoch and number decide the negatives.
    func batch(_ indices: [Int], epoch: Int = 0, number: Int = 0) -> Batch {
        let columns = samples.columns(indices, maxHistory: maxHistory)
        let layout = SequenceLayout(lengths: columns.lengths)
        let history = columns.history.map { Self.stepMajor($0, layout) }
        let drawn = negatives?.draw(positives: history[0], epoch: epoch, batch: number) ?? []
        return Batch(
            profile: Self.rows(configuration.profile, columns.profile.map(Self.integers)), context: [],
            targets: Self.rows(configuration.candidates, columns.targets.map(Self.integers)),
            history: Self.rows(configuration.history, history),
            negatives: Self.rows(drawn.isEmpty ? [] : configuration.history, drawn), layout: layout,
            labels: columns.labels)
    }

    private static func rows(
        _ features: [ModelConfiguration.Feature], _ columns: [[Int]]
    ) -> [FeatureRows] {
        zip(features, columns).map { FeatureRows(table: $0.table, rows: $1) }
    }

    private static func integers(_ values: [Int32]) -> [Int] { values.map { Int($0) } }

    /// Values that stand sequence after sequence, step after step.
    static func stepMajor(_ values: [Int32], _ layout: SequenceLayout) -> [Int] {
        var starts: [Int] = []
        var next = 0
        for length in layout.lengths {
            starts.append(next)
            next += length
        }
        var result: [Int] = []
        result.reserveCapacity(values.count)
        for (step, count) in layout.counts.enumerated() {
            for sequence in 0..<count { result.append(Int(values[starts[sequence] + step])) }
        }
        return result
    }
}
