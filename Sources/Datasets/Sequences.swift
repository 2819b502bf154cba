internal import Tensors

/// The events of all users, end to end, oldest first, and what is known of each user.
struct Sequences: Sendable {
    /// Where each sequence begins, and where the last one ends.
    let offsets: MappedTensor<UInt64>
    /// Rows of the events, a feature each.
    let history: [MappedTensor<Int32>]
    /// Rows of the users, a feature each.
    let profile: [MappedTensor<Int32>]
    /// Sequences.
    var count: Int { offsets.count - 1 }

    init(_ reader: TensorReader, _ description: DatasetDescription) throws(DatasetError) {
        let name = "sequence.offsets"
        offsets = try reader.tensor(name, count: nil)
        guard offsets.count > 0 else {
            throw reader.invalid(name, offsets, 0, "is empty; it has one element more than there are users")
        }
        var events: Int?
        var history: [MappedTensor<Int32>] = []
        for feature in description.history {
            let rows = try reader.rows(
                "sequence.\(feature.name)", count: events, of: description.rows(of: feature))
            events = rows.count
            history.append(rows)
        }
        self.history = history
        var profile: [MappedTensor<Int32>] = []
        for feature in description.profile {
            profile.append(
                try reader.rows(
                    "profile.\(feature.name)", count: offsets.count - 1, of: description.rows(of: feature)))
        }
        self.profile = profile
        try checkOffsets(reader, name, events: events ?? 0)
    }

    /// From 0 to the number of events, never falling.
    private func checkOffsets(_ reader: TensorReader, _ name: String, events: Int) throws(DatasetError) {
        var previous: UInt64 = 0
        let bad = offsets.firstIndex(ofBadElement: { offset in
            defer { previous = offset }
            return offset >= previous && offset <= UInt64(events)
        })
        if let bad {
            throw reader.invalid(
                name, offsets, bad,
                "element \(bad) is \(offsets[bad]), below the one before it or above \(events)")
        }
        let last = offsets.count - 1
        guard offsets[0] == 0, offsets[last] == UInt64(events) else {
            let wrong = offsets[0] == 0 ? last : 0
            throw reader.invalid(name, offsets, wrong, "it has to go from 0 to the \(events) events")
        }
    }

    /// Where the events of a sequence stand.
    func events(_ sequence: Int) -> Range<Int> { Int(offsets[sequence])..<Int(offsets[sequence + 1]) }
}

/// The samples of one split, as they stand in the file.
struct SplitTensors: Sendable {
    let sequence: MappedTensor<Int32>
    let end: MappedTensor<Int32>
    let label: MappedTensor<UInt8>
    /// Rows of the targets, a feature each.
    let targets: [MappedTensor<Int32>]

    init(
        _ reader: TensorReader, _ description: DatasetDescription, _ split: DatasetSplit,
        _ sequences: Sequences
    ) throws(DatasetError) {
        let name = split.rawValue
        let count = description.splits[split] ?? 0
        sequence = try reader.rows("\(name).sequence", count: count, of: sequences.count)
        end = try reader.tensor("\(name).end", count: count)
        label = try reader.tensor("\(name).label", count: count)
        var targets: [MappedTensor<Int32>] = []
        for feature in description.candidates {
            targets.append(
                try reader.rows(
                    "\(name).target.\(feature.name)", count: count, of: description.rows(of: feature)))
        }
        self.targets = targets
        if let bad = label.firstIndex(ofBadElement: { $0 <= 1 }) {
            throw reader.invalid("\(name).label", label, bad, "element \(bad) is \(label[bad]), not 0 or 1")
        }
        for index in 0..<count {
            let length = sequences.events(Int(sequence[index])).count
            guard end[index] >= 0, end[index] <= length else {
                throw reader.invalid(
                    "\(name).end", end, index, "element \(index) is \(end[index]), of a sequence of \(length)"
                )
            }
        }
    }
}
