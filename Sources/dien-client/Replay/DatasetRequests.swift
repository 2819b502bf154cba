import Datasets
import Messages
import RandomNumbers

/// The samples of a split as requests: neighbouring ones of one user and one history are the candidates of one, as they are
/// when the split is judged offline.
struct DatasetRequests {
    /// What is made of the samples.
    struct Settings {
        /// Which model shall answer.
        var model = ModelSpec()
        /// What stands before the user's number in the routing key.
        var keyPrefix = "user-"
        /// Candidates of each request that are not clicked, drawn from the training events, so by popularity; nil: those of the
        /// data set.
        var negatives: Int?
        /// Whether users come in an order that the seed draws.
        var isShuffled = false
        /// What draws begin from.
        var seed: UInt64 = 1
    }

    private let settings: Settings
    private let dataset: Dataset
    private let samples: Samples
    private let names: [String: RowNames]
    /// The samples of each request.
    private var ranges: [Range<Int>]

    init(_ dataset: Dataset, _ split: DatasetSplit, _ settings: Settings) throws(DatasetError) {
        self.settings = settings
        self.dataset = dataset
        samples = dataset.samples(split)
        var names: [String: RowNames] = [:]
        for table in dataset.description.tables {
            if let identifiers = try dataset.identifiers(of: table.name) {
                names[table.name] = RowNames(identifiers, rows: table.rows)
            }
        }
        self.names = names
        ranges = Self.requests(samples)
        if settings.isShuffled {
            var random = SplitMix64(seed: settings.seed)
            ranges.shuffle(using: &random)
        }
    }

    private static func requests(_ samples: Samples) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        for index in 0..<samples.count {
            if let last = ranges.last, samples.user(last.lowerBound) == samples.user(index),
                samples.length(last.lowerBound) == samples.length(index)
            {
                ranges[ranges.count - 1] = last.lowerBound..<index + 1
            } else {
                ranges.append(index..<index + 1)
            }
        }
        return ranges
    }

    var count: Int { ranges.count }

    /// Request `number`, and whether each candidate was clicked. What is drawn follows from the seed and the samples alone.
    func request(_ number: Int) -> ReplayedRequest {
        let range = ranges[number]
        let description = dataset.description
        let user = samples.user(range.lowerBound)
        let first = samples.columns([range.lowerBound], maxHistory: description.maxHistory)
        let own = settings.negatives == nil ? Array(range) : range.filter { samples.label($0) > 0 }
        let targets = drawn(
            besides: samples.columns(own, maxHistory: 0).targets, of: range.lowerBound)
        let message = RankRequest(
            model: settings.model, routingKey: settings.keyPrefix + "\(user)",
            profile: columns(description.profile, first.profile),
            history: columns(description.history, first.history),
            candidates: columns(description.candidates, targets))
        let labels = own.map { samples.label($0) > 0 }
        let added = (targets.first?.count ?? 0) - labels.count
        return ReplayedRequest(
            message: message, user: user, labels: labels + [Bool](repeating: false, count: added))
    }

    /// The candidates, and behind them those that are drawn: each another item than all before it.
    private func drawn(besides known: [[Int32]], of sample: Int) -> [[Int32]] {
        var targets = known
        var random = SplitMix64(seed: settings.seed, of: UInt64(sample))
        let events = dataset.negativeCount
        guard let wanted = settings.negatives, events > 0, !targets.isEmpty else { return targets }
        // Where there are hardly more items than are wanted, fewer will do.
        for _ in 0..<wanted * 8 where targets[0].count < known[0].count + wanted {
            let event = dataset.negative(Int(random.next(upperBound: UInt64(events))))
            if targets[0].contains(event[0]) { continue }
            for (feature, row) in event.enumerated() { targets[feature].append(row) }
        }
        return targets
    }

    private func columns(
        _ features: [DatasetDescription.Feature], _ rows: [[Int32]]
    ) -> [FeatureColumn] {
        zip(features, rows).compactMap { feature, rows in names[feature.table]?.column(feature.name, rows) }
    }
}
