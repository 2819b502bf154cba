internal import Files

/// Reads the reference's samples: label, user, item, category, items of the history and their categories, tab-separated,
/// the lists joined by the byte 2.
struct ReferenceReader {
    private let options: PreparationOptions
    private(set) var catalogue = Catalogue()
    /// How often each identifier occurs in the lines of training: as target and in every history.
    private(set) var frequencies: Frequencies
    private(set) var malformed = MalformedLines()
    private static let separator: UInt8 = 2

    /// One line, identifiers as numbers.
    private struct Sample {
        var label: UInt8
        var user: Int
        var item: Int32
        var history: [Int32]
    }

    init(_ options: PreparationOptions) {
        self.options = options
        frequencies = Frequencies(catalogue)
    }

    /// Reads a file to its end and hands on its sequences.
    ///
    /// - Parameter isCounting: whether identifiers and malformed lines are counted; on the second reading they were.
    mutating func read(
        _ input: Input, isCounting: Bool, report: (UInt64) throws(DatasetError) -> Void,
        sequence: (ReferenceSequence) throws(DatasetError) -> Void
    ) throws(DatasetError) {
        let lines = try LineReader(input.path)
        var splitter = RecordSplitter.tabs
        var current: ReferenceSequence?
        while try lines.next() {
            if lines.number % 1024 == 0 { try report(lines.file.consumed) }
            if lines.line.isEmpty { continue }
            _ = splitter.take(lines.line)
            let sample: Sample
            switch lines.isCut
                ? .failure(Reason("longer than \(LineReader.limitBytes) bytes")) : parse(splitter)
            {
            case .success(let parsed): sample = parsed
            case .failure(let reason):
                if isCounting {
                    try malformed.add(input.path, lines.number, reason.text, isStrict: options.isStrict)
                }
                continue
            }
            let split = split(of: sample.user, input.role)
            if isCounting, split == .train { count(sample) }
            if !join(sample, split, &current) {
                if let current { try sequence(current) }
                current = ReferenceSequence(
                    split: split, user: sample.user, items: sample.history,
                    samples: [(sample.history.count, sample.item, sample.label)])
            }
        }
        if let current { try sequence(current) }
    }

    private struct Reason: Error {
        let text: String
        init(_ text: String) { self.text = text }
    }

    /// Adds the sample to the sequence if it belongs there: the same history, or a longer one that begins with it.
    private func join(_ sample: Sample, _ split: DatasetSplit, _ current: inout ReferenceSequence?) -> Bool {
        guard let sequence = current, sequence.user == sample.user, sequence.split == split,
            sample.history.starts(with: sequence.items)
        else { return false }
        current?.items = sample.history
        current?.samples.append((sample.history.count, sample.item, sample.label))
        return true
    }

    private func split(of user: Int, _ role: InputRole) -> DatasetSplit {
        if role == .referenceTest { return .test }
        let hash = SeededGenerator.hash(catalogue.users[user], seed: options.seed, purpose: 1)
        return Double(hash >> 11) * 0x1p-53 < options.validation ? .validation : .train
    }

    /// Gives identifiers that training does not have their frequency of 0.
    mutating func fitFrequencies() { frequencies.fit(catalogue) }

    private mutating func count(_ sample: Sample) {
        frequencies.fit(catalogue)
        frequencies.users[sample.user] &+= 1
        frequencies.count(item: Int(sample.item), catalogue)
        for item in sample.history { frequencies.count(item: Int(item), catalogue) }
    }

    private mutating func parse(_ record: RecordSplitter) -> Result<Sample, Reason> {
        guard record.fields.count == 6 else {
            return .failure(Reason("\(record.fields.count) fields, not 6"))
        }
        let bytes = record.bytes
        let label = Array(bytes[record.fields[0]])
        guard label == [0x30] || label == [0x31] else { return .failure(Reason("its label is not 0 or 1")) }
        let items = list(bytes, record.fields[4])
        let categories = list(bytes, record.fields[5])
        guard items.count == categories.count else {
            return .failure(Reason("\(items.count) items in the history, \(categories.count) categories"))
        }
        guard let user = catalogue.users.intern(bytes, record.fields[1]) else {
            return .failure(Reason("its user is no identifier"))
        }
        guard let item = intern(bytes, record.fields[2], record.fields[3]) else {
            return .failure(Reason("its target is no identifier"))
        }
        var history: [Int32] = []
        for (place, category) in zip(items, categories) {
            guard let item = intern(bytes, place, category) else {
                return .failure(Reason("an item of its history is no identifier"))
            }
            history.append(item)
        }
        return .success(Sample(label: label[0] - 0x30, user: user, item: item, history: history))
    }

    private mutating func intern(_ bytes: [UInt8], _ item: Range<Int>, _ category: Range<Int>) -> Int32? {
        guard let number = catalogue.item(bytes, item),
            Self.isDefault(bytes[category]) || catalogue.setCategory(of: number, bytes, category)
        else { return nil }
        return Int32(number)
    }

    /// What the reference writes where it knows no category; it stands for row 0.
    private static func isDefault(_ category: ArraySlice<UInt8>) -> Bool {
        category.elementsEqual("default_cat".utf8)
    }

    private func list(_ bytes: [UInt8], _ part: Range<Int>) -> [Range<Int>] {
        guard !part.isEmpty else { return [] }
        var result: [Range<Int>] = []
        var begin = part.lowerBound
        for index in part where bytes[index] == Self.separator {
            result.append(begin..<index)
            begin = index + 1
        }
        result.append(begin..<part.upperBound)
        return result
    }
}
