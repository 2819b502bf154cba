extension Preparation {
    /// The reference's own samples, taken as they are; validation users are cut from the training file.
    func reference(_ files: [Input]) throws(DatasetError) -> PreparationSummary {
        for file in files where file.format != .reference {
            throw .unusableInput(
                reason: "\(file.path): does not go with the reference's samples; leave it out")
        }
        guard files.count(where: { $0.role == .referenceTrain }) == 1,
            files.count(where: { $0.role == .referenceTest }) <= 1
        else {
            throw .unusableInput(
                reason:
                    "one local_train_splitByUser is needed, and at most one local_test_splitByUser, told by \"test\" in its name"
            )
        }
        let total = files.reduce(0) { $0 + $1.size }
        var reader = ReferenceReader(options)
        var sizes = ReferenceSizes()
        var done: UInt64 = 0
        for file in files {
            try reader.read(file, isCounting: true) { (taken: UInt64) throws(DatasetError) in
                try tell(.reading, done + taken, total)
            } sequence: { (sequence: ReferenceSequence) in
                sizes.add(sequence)
            }
            done += file.size
        }
        guard sizes.sequences > 0 else { throw .unusableInput(reason: "the inputs hold no sample") }
        reader.fitFrequencies()
        let vocabularies = Vocabularies(reader.catalogue, reader.frequencies)
        let description = description(
            vocabularies, .given, .given, sizes.splits,
            Self.facts(files, reader.malformed, reader.catalogue))
        let writer = try makeWriter(
            description, sequences: sizes.sequences, events: sizes.events, negatives: sizes.trained)
        var number = 0
        done = 0
        let summary = summary(
            description, sequences: sizes.sequences, events: sizes.events, reader.catalogue, reader.malformed)
        for file in files {
            try reader.read(file, isCounting: false) { (taken: UInt64) throws(DatasetError) in
                try tell(.reading, done + taken, total)
            } sequence: { (sequence: ReferenceSequence) throws(DatasetError) in
                try sequence.write(number, vocabularies, to: writer)
                number += 1
            }
            done += file.size
        }
        try writer.finish(vocabulary: vocabularies.identifiers(reader.catalogue))
        return summary
    }
}

/// Consecutive samples of one user whose histories are prefixes of one sequence.
struct ReferenceSequence {
    var split: DatasetSplit
    var user: Int
    var items: [Int32]
    var samples: [(end: Int, item: Int32, label: UInt8)] = []

    /// What training sees of it: the behaviours, and the positive that follows all of them.
    var trained: [Int32] {
        guard split == .train else { return [] }
        return items + samples.filter { $0.label == 1 && $0.end == items.count }.prefix(1).map(\.item)
    }

    func write(_ number: Int, _ vocabularies: Vocabularies, to writer: DatasetWriter) throws(DatasetError) {
        try writer.appendSequence(
            profile: [vocabularies.users.rows[user]], history: vocabularies.columns(items))
        try writer.appendNegatives(vocabularies.columns(trained))
        for sample in samples {
            try writer.appendSample(
                split, sequence: number, end: sample.end, target: vocabularies.target(sample.item),
                label: sample.label)
        }
    }
}

/// How much there is of everything.
struct ReferenceSizes {
    var sequences = 0
    var events = 0
    var trained = 0
    var splits: [DatasetSplit: Int] = [:]

    mutating func add(_ sequence: ReferenceSequence) {
        sequences += 1
        events += sequence.items.count
        trained += sequence.trained.count
        splits[sequence.split, default: 0] += sequence.samples.count
    }
}
