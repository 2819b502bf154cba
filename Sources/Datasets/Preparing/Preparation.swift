internal import Files
internal import Tensors

/// Makes a data set from raw files: reads them once, sorts the events by user on disk, and goes through the users twice,
/// to count and to write. Memory grows with the identifiers, not with the files.
public struct Preparation {
    /// Hears how far it is.
    public typealias Report = (PreparationProgress) -> Void

    let options: PreparationOptions
    private let output: String
    private let report: Report
    private let isStopped: () -> Bool

    /// Prepares `inputs`, files or folders, into a new folder at `output`.
    ///
    /// - Parameters:
    ///   - report: hears how far it is, often.
    ///   - isStopped: asked as often; nothing is left when it says so.
    /// - Throws: `interrupted` when it was stopped, and everything that ``DatasetError`` tells.
    public static func run(
        inputs: [String], output: String, options: PreparationOptions, report: @escaping Report = { _ in },
        isStopped: @escaping () -> Bool = { false }
    ) throws(DatasetError) -> PreparationSummary {
        try DatasetWriter.refuse(output, isReplacing: options.isReplacing)
        let files = try Input.inspect(inputs, options)
        let preparation = Preparation(options: options, output: output, report: report, isStopped: isStopped)
        let isReference = files.contains { $0.format == .reference }
        return isReference ? try preparation.reference(files) : try preparation.interactions(files)
    }

    private func interactions(_ files: [Input]) throws(DatasetError) -> PreparationSummary {
        let total = files.reduce(0) { $0 + $1.size }
        var reader = InteractionReader(options, folder: StagedFolder.parent(of: output)) {
            (done: UInt64) throws(DatasetError) in
            try tell(.reading, done, total)
        }
        for file in files where file.role != .split || options.usesSplitFile { try reader.read(file) }
        guard reader.events.count > 0 else {
            throw .unusableInput(reason: "the inputs hold no interaction; \(Self.tail(reader.malformed))")
        }
        let maker = SampleMaker(
            options, split: reader.split, negatives: NegativeItems(counts: reader.counts, options))
        let counting = try count(reader, maker)
        return try write(reader, maker, counting, files)
    }

    private static func tail(_ malformed: MalformedLines) -> String {
        guard let line = malformed.first.first else { return "name a file that has more" }
        return
            "\(malformed.count) lines are malformed, the first: \(line.path), line \(line.number): \(line.reason)"
    }

    /// What the first pass over the users finds.
    private struct Counting {
        var frequencies: Frequencies
        var splits: [DatasetSplit: Int] = [:]
        var sequences = 0
        var events = 0
        var trained = 0
    }

    private func count(_ reader: InteractionReader, _ maker: SampleMaker) throws(DatasetError) -> Counting {
        let catalogue = reader.catalogue
        var counting = Counting(frequencies: Frequencies(catalogue))
        try reader.events.forEachUser { (user: Int, items: [Int32]) throws(DatasetError) in
            try tell(.counting, UInt64(user), UInt64(catalogue.users.count))
            let (pairs, trained) = try maker.pairs(user: user, name: catalogue.users[user], items: items)
            guard !pairs.isEmpty else { return }
            counting.sequences += 1
            counting.events += items.count
            counting.trained += trained
            for pair in pairs { counting.splits[pair.split, default: 0] += 2 }
            counting.frequencies.users[user] = UInt32(trained)
            for item in items[..<trained] { counting.frequencies.count(item: Int(item), catalogue) }
            for pair in pairs where pair.split == .train {
                counting.frequencies.count(item: Int(pair.negative), catalogue)
            }
        }
        guard counting.splits[.train] != nil else {
            throw .unusableInput(
                reason:
                    "no training user has two interactions, so there is no sample; \(Self.tail(reader.malformed))"
            )
        }
        if let split = counting.splits.first(where: { $0.value > Int(Int32.max) }) {
            throw .unusableInput(
                reason: "\(split.value) samples in \(split.key.rawValue), at most \(Int32.max)")
        }
        return counting
    }

    private func write(
        _ reader: InteractionReader, _ maker: SampleMaker, _ counting: Counting, _ files: [Input]
    ) throws(DatasetError) -> PreparationSummary {
        let catalogue = reader.catalogue
        let vocabularies = Vocabularies(catalogue, counting.frequencies)
        var facts = Self.facts(files, reader.malformed, catalogue)
        facts.append(.init(key: "interactions", value: .number("\(reader.events.count)")))
        facts.append(.init(key: "split_file", value: .bool(reader.split != nil)))
        facts.append(.init(key: "test_bucket", value: .number("\(options.testBucket)")))
        facts.append(.init(key: "validation", value: .number("\(options.validation)")))
        facts.append(.init(key: "negatives_outside_own_items", value: .bool(options.excludesOwnItems)))
        let description = description(
            vocabularies, options.sampling, options.negatives, counting.splits, facts)
        let writer = try DatasetWriter(
            path: output, description: description, sequences: counting.sequences, events: counting.events,
            negatives: counting.trained, isReplacing: options.isReplacing)
        var sequence = 0
        try reader.events.forEachUser { (user: Int, items: [Int32]) throws(DatasetError) in
            try tell(.writing, UInt64(user), UInt64(catalogue.users.count))
            let (pairs, trained) = try maker.pairs(user: user, name: catalogue.users[user], items: items)
            guard !pairs.isEmpty else { return }
            let history = vocabularies.columns(items)
            try writer.appendSequence(profile: [vocabularies.users.rows[user]], history: history)
            try writer.appendNegatives(history.map { Array($0[..<trained]) })
            for pair in pairs {
                for (item, label) in [(pair.negative, 0 as UInt8), (pair.positive, 1)] {
                    try writer.appendSample(
                        pair.split, sequence: sequence, end: pair.end, target: vocabularies.target(item),
                        label: label)
                }
            }
            sequence += 1
        }
        try writer.finish(vocabulary: vocabularies.identifiers(catalogue))
        return summary(
            description, sequences: counting.sequences, events: counting.events, catalogue, reader.malformed)
    }

    /// Tells how far it is, and stops where it shall.
    func tell(_ phase: PreparationProgress.Phase, _ done: UInt64, _ total: UInt64) throws(DatasetError) {
        guard phase == .reading || done % 256 == 0 else { return }
        if isStopped() { throw .interrupted }
        report(PreparationProgress(phase: phase, done: done, total: total))
    }

    func makeWriter(
        _ description: DatasetDescription, sequences: Int, events: Int, negatives: Int
    ) throws(DatasetError) -> DatasetWriter {
        try DatasetWriter(
            path: output, description: description, sequences: sequences, events: events,
            negatives: negatives,
            isReplacing: options.isReplacing)
    }

    func description(
        _ vocabularies: Vocabularies, _ sampling: SampleProtocol, _ negatives: NegativeSampling,
        _ splits: [DatasetSplit: Int], _ source: [JSONValue.Member]
    ) -> DatasetDescription {
        let behaviour: [DatasetDescription.Feature] = [
            .init(name: "item", table: "item"), .init(name: "category", table: "category", lookup: "item"),
        ]
        return DatasetDescription(
            sampling: sampling, seed: options.seed, negatives: negatives, maxHistory: options.maxHistory,
            tables: vocabularies.tables, profile: [.init(name: "user", table: "user")], history: behaviour,
            candidates: behaviour,
            splits: [
                .train: splits[.train] ?? 0, .validation: splits[.validation] ?? 0, .test: splits[.test] ?? 0,
            ],
            source: source)
    }

    /// What the data set was made from; names of files without their folders, since data sets travel.
    static func facts(
        _ files: [Input], _ malformed: MalformedLines, _ catalogue: Catalogue
    ) -> [JSONValue.Member] {
        let inputs = files.map { file in
            JSONValue.object([
                .init(key: "name", value: .string(String(file.path.split(separator: "/").last ?? ""))),
                .init(key: "bytes", value: .number("\(file.size)")),
                .init(key: "format", value: .string(file.format.rawValue)),
            ])
        }
        return [
            .init(key: "files", value: .array(inputs)),
            .init(key: "malformed_lines", value: .number("\(malformed.count)")),
            .init(key: "users", value: .number("\(catalogue.users.count)")),
            .init(key: "items", value: .number("\(catalogue.items.count)")),
            .init(key: "categories", value: .number("\(catalogue.categories.count)")),
            .init(key: "conflicting_categories", value: .number("\(catalogue.conflicts)")),
        ]
    }

    func summary(
        _ description: DatasetDescription, sequences: Int, events: Int, _ catalogue: Catalogue,
        _ malformed: MalformedLines
    ) -> PreparationSummary {
        PreparationSummary(
            path: output, description: description, sequences: sequences, events: events,
            users: catalogue.users.count, items: catalogue.items.count,
            categories: catalogue.categories.count,
            malformed: malformed)
    }
}

extension Vocabularies {
    /// Rows of items and of their categories.
    func columns(_ items: [Int32]) -> [[Int32]] {
        [items.map { self.items.rows[Int($0)] }, items.map { categoryRows[Int($0)] }]
    }

    /// The rows of one target.
    func target(_ item: Int32) -> [Int32] { [items.rows[Int(item)], categoryRows[Int(item)]] }
}
