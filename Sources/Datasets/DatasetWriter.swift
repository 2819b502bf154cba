internal import Files
internal import Tensors

/// Writes a prepared data set sample by sample, in bounded memory, whole or not at all: everything stands in a
/// temporary folder beside the target until ``finish(vocabulary:)`` renames it. Owned by one thread.
public final class DatasetWriter {
    /// The folder to come.
    public let path: String
    private let description: DatasetDescription
    private let folder: StagedFolder
    private let tensors: SafetensorsWriter
    private var events: UInt64 = 0
    private let names: Names

    /// Names of tensors, made once.
    private struct Names {
        let history, profile, negatives: [String]
        let splits: [DatasetSplit: (sequence: String, end: String, label: String, targets: [String])]
    }

    /// Creates the temporary folder; `description.splits` says how many samples will come.
    ///
    /// - Parameters:
    ///   - sequences: users that will come.
    ///   - events: of all of them.
    ///   - negatives: of the list that auxiliary negatives are drawn from.
    ///   - isReplacing: whether what stands at `path` is to be replaced; otherwise it is refused.
    public init(
        path: String, description: DatasetDescription, sequences: Int, events: Int, negatives: Int,
        isReplacing: Bool = false
    ) throws(DatasetError) {
        self.path = path
        self.description = description
        try description.check(path: "\(path)/\(Dataset.FileName.description)")
        try Self.refuse(path, isReplacing: isReplacing)
        do { folder = try StagedFolder(path) } catch { throw .file(error) }
        let declarations = Dataset.declarations(
            description, users: sequences, events: events, negatives: negatives)
        let samples = folder.file(Dataset.FileName.samples)
        do {
            tensors = try SafetensorsWriter(path: samples, tensors: declarations)
        } catch { throw .tensors(error) }
        var splits: [DatasetSplit: (sequence: String, end: String, label: String, targets: [String])] = [:]
        for split in DatasetSplit.allCases {
            let name = split.rawValue
            splits[split] = (
                "\(name).sequence", "\(name).end", "\(name).label",
                description.candidates.map { "\(name).target.\($0.name)" }
            )
        }
        names = Names(
            history: description.history.map { "sequence.\($0.name)" },
            profile: description.profile.map { "profile.\($0.name)" },
            negatives: description.history.map { "negatives.\($0.name)" }, splits: splits)
        try append([0] as [UInt64], to: "sequence.offsets")
    }

    /// Refuses a path where something stands that is not to be replaced, or that is no data set.
    static func refuse(_ path: String, isReplacing: Bool) throws(DatasetError) {
        let occupant: StagedFolder.Occupant
        do { occupant = try StagedFolder.occupant(of: path, knownBy: Dataset.FileName.description) } catch {
            throw .file(error)
        }
        switch occupant {
        case .nothing: return
        case .known where isReplacing: return
        case .foreignFolder where isReplacing:
            throw .unusableInput(reason: "\(path): is no data set, so it is not replaced; remove it yourself")
        case .known, .foreignFolder, .other: throw .outputExists(path: path)
        }
    }

    /// The next sequence: one row a profile feature, and one row an event for each history feature.
    public func appendSequence(profile: [Int32], history: [[Int32]]) throws(DatasetError) {
        precondition(profile.count == names.profile.count && history.count == names.history.count, "features")
        for (name, row) in zip(names.profile, profile) { try append([row], to: name) }
        for (name, rows) in zip(names.history, history) {
            precondition(rows.count == history[0].count, "one row an event")
            try append(rows, to: name)
        }
        events += UInt64(history.first?.count ?? 0)
        try append([events], to: "sequence.offsets")
    }

    /// The next sample of a split: a target after the first `end` events of a sequence.
    public func appendSample(
        _ split: DatasetSplit, sequence: Int, end: Int, target: [Int32], label: UInt8
    ) throws(DatasetError) {
        guard let names = names.splits[split] else { preconditionFailure("every split has its tensors") }
        precondition(target.count == names.targets.count, "features")
        try append([Int32(sequence)], to: names.sequence)
        try append([Int32(end)], to: names.end)
        try append([label], to: names.label)
        for (name, row) in zip(names.targets, target) { try append([row], to: name) }
    }

    /// More of the list that auxiliary negatives are drawn from: one row an event for each history feature.
    public func appendNegatives(_ columns: [[Int32]]) throws(DatasetError) {
        precondition(columns.count == names.negatives.count, "features")
        for (name, rows) in zip(names.negatives, columns) { try append(rows, to: name) }
    }

    /// Writes the rest, makes all of it durable and gives the folder its name.
    public func finish(vocabulary: [TableIdentifiers]) throws(DatasetError) {
        do { try tensors.finish() } catch { throw .tensors(error) }
        try TableIdentifiers.write(vocabulary, to: folder.file(Dataset.FileName.vocabulary))
        do {
            try folder.write(Dataset.FileName.description, Array(description.json.utf8))
            try folder.commit()
        } catch { throw .file(error) }
    }

    private func append<Element: TensorElement>(_ values: [Element], to name: String) throws(DatasetError) {
        do { try tensors.append(values, to: name) } catch { throw .tensors(error) }
    }
}
