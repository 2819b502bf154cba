internal import Tensors

/// How large a made-up data set is.
public struct SyntheticSizes: Sendable, Equatable {
    /// Users of each split; two samples each.
    public var users: [DatasetSplit: Int]
    /// Different items and categories.
    public var items, categories: Int
    /// Behaviours before the target, in the mean; they are lognormal with σ = 0.8.
    public var meanLength: Double

    /// The sizes of Amazon Books as the reference prepares it (543,060 training and 60,608 test users), with histories of
    /// 20 behaviours in the mean, and validation users beside it.
    public static let books = SyntheticSizes(
        users: [.train: 543_060, .validation: 6_000, .test: 60_608], items: 367_982, categories: 1_600,
        meanLength: 20)

    /// A set of these sizes; precondition: there are items and categories.
    public init(users: [DatasetSplit: Int], items: Int, categories: Int, meanLength: Double) {
        precondition(items > 1 && categories > 0 && meanLength >= 1, "nothing to draw from")
        self.users = users
        self.items = items
        self.categories = categories
        self.meanLength = meanLength
    }
}

/// Makes up a data set to measure speed with: items by a Zipf law, users with a taste for one category each, so that
/// there is something to learn. Streams; the same seed gives the same bytes.
public struct SyntheticDataset {
    private let sizes: SyntheticSizes
    private let seed: UInt64
    /// The category of each item, both from 0.
    private let categoryOf: [Int32]
    /// Items of each category.
    private let itemsOf: [[Int32]]
    /// The part of the behaviours, and of the positive targets, that follow the user's taste.
    private static let tasteShare = 0.4
    private static let sigma = 0.8
    private static let longest = 1000

    private init(_ sizes: SyntheticSizes, seed: UInt64) {
        self.sizes = sizes
        self.seed = seed
        var generator = SeededGenerator(seed: seed, stream: .max)
        var categoryOf: [Int32] = []
        var itemsOf = [[Int32]](repeating: [], count: sizes.categories)
        for item in 0..<sizes.items {
            let category = Self.zipf(sizes.categories, &generator)
            categoryOf.append(Int32(category))
            itemsOf[category].append(Int32(item))
        }
        self.categoryOf = categoryOf
        self.itemsOf = itemsOf
    }

    /// Writes one.
    public static func write(
        _ sizes: SyntheticSizes, seed: UInt64, to path: String, isReplacing: Bool = false,
        report: @escaping Preparation.Report = { _ in }, isStopped: @escaping () -> Bool = { false }
    ) throws(DatasetError) -> DatasetDescription {
        try DatasetWriter.refuse(path, isReplacing: isReplacing)
        let maker = SyntheticDataset(sizes, seed: seed)
        let total = sizes.users.values.reduce(0, +)
        let lengths = (0..<total).map { maker.length(of: $0) }
        let events = lengths.reduce(0, +)
        let trainUsers = sizes.users[.train] ?? 0
        let trained = lengths[..<trainUsers].reduce(0, +)
        let description = maker.description
        let writer = try DatasetWriter(
            path: path, description: description, sequences: total, events: events, negatives: trained,
            isReplacing: isReplacing)
        var user = 0
        for split in DatasetSplit.allCases {
            for _ in 0..<(sizes.users[split] ?? 0) {
                if user % 256 == 0 {
                    if isStopped() { throw .interrupted }
                    report(PreparationProgress(phase: .writing, done: UInt64(user), total: UInt64(total)))
                }
                try maker.write(user, split, length: lengths[user], to: writer)
                user += 1
            }
        }
        try writer.finish(vocabulary: maker.vocabulary(users: trainUsers))
        return description
    }

    private var description: DatasetDescription {
        let behaviour: [DatasetDescription.Feature] = [
            .init(name: "item", table: "item"), .init(name: "category", table: "category", lookup: "item"),
        ]
        return DatasetDescription(
            sampling: .given, seed: seed, negatives: .given, maxHistory: 100,
            tables: [
                .init(name: "user", rows: (sizes.users[.train] ?? 0) + 1, ids: .uint64),
                .init(name: "item", rows: sizes.items + 1, ids: .uint64),
                .init(name: "category", rows: sizes.categories + 1, ids: .uint64),
            ],
            profile: [.init(name: "user", table: "user")], history: behaviour, candidates: behaviour,
            splits: [
                .train: 2 * (sizes.users[.train] ?? 0), .validation: 2 * (sizes.users[.validation] ?? 0),
                .test: 2 * (sizes.users[.test] ?? 0),
            ],
            source: [.init(key: "synthetic", value: .bool(true))])
    }

    /// Behaviours of a user: the first draw of its stream.
    private func length(of user: Int) -> Int {
        var generator = SeededGenerator(seed: seed, stream: UInt64(user))
        // The sum of twelve uniforms has variance 1: close enough to a normal, and the same everywhere.
        let normal = (0..<12).reduce(-6.0) { sum, _ in sum + generator.unit() }
        // exp and log are made here, so that no C library decides the bits.
        let length = sizes.meanLength * Self.exponential(Self.sigma * normal - Self.sigma * Self.sigma / 2)
        return min(max(1, Int(length.rounded())), Self.longest)
    }

    private func write(
        _ user: Int, _ split: DatasetSplit, length: Int, to writer: DatasetWriter
    ) throws(DatasetError) {
        var generator = SeededGenerator(seed: ~seed, stream: UInt64(user))
        let taste = Self.zipf(sizes.categories, &generator)
        let items = (0..<length).map { _ in item(taste: taste, &generator) }
        let row = split == .train ? Int32(user + 1) : 0
        let history = columns(items)
        try writer.appendSequence(profile: [row], history: history)
        if split == .train { try writer.appendNegatives(history) }
        let positive = item(taste: taste, &generator)
        var negative = Int32(Self.zipf(sizes.items, &generator))
        while negative == positive { negative = Int32(Self.zipf(sizes.items, &generator)) }
        for (item, label) in [(negative, 0 as UInt8), (positive, 1)] {
            try writer.appendSample(
                split, sequence: user, end: length, target: columns([item]).map { $0[0] }, label: label)
        }
    }

    private func item(taste: Int, _ generator: inout SeededGenerator) -> Int32 {
        if generator.unit() < Self.tasteShare, !itemsOf[taste].isEmpty {
            return itemsOf[taste][Self.zipf(itemsOf[taste].count, &generator)]
        }
        return Int32(Self.zipf(sizes.items, &generator))
    }

    /// Rows of items and of their categories.
    private func columns(_ items: [Int32]) -> [[Int32]] {
        [items.map { $0 + 1 }, items.map { categoryOf[Int($0)] + 1 }]
    }

    private func vocabulary(users: Int) -> [TableIdentifiers] {
        func table(_ name: String, _ count: Int, _ lookups: [(table: String, rows: [Int32])] = [])
            -> TableIdentifiers
        {
            TableIdentifiers(
                table: name, values: .integers((0..<count).map { UInt64($0 + 1) }),
                rows: (0..<count).map { Int32($0 + 1) }, lookups: lookups)
        }
        return [
            table("user", users), table("item", sizes.items, [("category", categoryOf.map { $0 + 1 })]),
            table("category", sizes.categories),
        ]
    }

    /// A rank in 0..<count with probability nearly proportional to 1 / (rank + 1).
    private static func zipf(_ count: Int, _ generator: inout SeededGenerator) -> Int {
        min(count - 1, Int(exponential(generator.unit() * logarithm(Double(count)))) - 1).clampedToZero
    }

    private static func exponential(_ x: Double) -> Double {
        var value = 1 + x / 4096 * (1 + x / 8192 * (1 + x / 12288))
        for _ in 0..<12 { value *= value }
        return value
    }

    private static func logarithm(_ x: Double) -> Double {
        // Newton's steps on e^y = x.
        var y = Double(x.exponent) * 0.693147180559945
        for _ in 0..<20 { y += x / exponential(y) - 1 }
        return y
    }
}

extension Int {
    fileprivate var clampedToZero: Int { Swift.max(0, self) }
}
