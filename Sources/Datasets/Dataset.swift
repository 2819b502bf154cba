internal import Files
public import Tensors

/// A prepared data set, mapped: format `dien-dataset/1`, the folder that `dien-train prepare` writes.
///
/// Every index in it is checked when it is opened, so that reading a sample needs no further check.
public struct Dataset: Sendable {
    /// The names of its files.
    public enum FileName {
        /// The description, strict JSON.
        public static let description = "dataset.json"
        /// Sequences, samples and negatives.
        public static let samples = "samples.safetensors"
        /// The vocabulary, byte for byte that of a model of this data.
        public static let vocabulary = "vocabulary.safetensors"
    }

    /// Largest dataset.json that is read.
    private static let descriptionLimit = 1 << 20

    /// The folder.
    public let path: String
    /// Everything that is not a tensor.
    public let description: DatasetDescription
    /// For each feature of a behaviour the rows of all training events; a draw from them is a draw by popularity. All
    /// have the same count, and element i of each belongs to one event.
    public let negatives: [MappedTensor<Int32>]
    private let sequences: Sequences
    private let splits: [DatasetSplit: SplitTensors]

    /// Opens the folder and checks all of it: structure, shapes, and every index.
    ///
    /// Reads each tensor once.
    public init(path: String) throws(DatasetError) {
        self.path = path
        let descriptionPath = "\(path)/\(FileName.description)"
        let bytes: [UInt8]
        let mapped: MappedFile
        do {
            bytes = try LocalFileSystem().contents(descriptionPath, limit: Self.descriptionLimit)
            mapped = try MappedFile(path: "\(path)/\(FileName.samples)")
        } catch { throw .file(error) }
        description = try DatasetDescription(parsing: bytes, path: descriptionPath)
        let file: SafetensorsFile
        do { file = try SafetensorsFile(mapped) } catch { throw .tensors(error) }
        let reader = TensorReader(file: file)
        sequences = try Sequences(reader, description)
        var splits: [DatasetSplit: SplitTensors] = [:]
        for split in DatasetSplit.allCases {
            splits[split] = try SplitTensors(reader, description, split, sequences)
        }
        self.splits = splits
        var negatives: [MappedTensor<Int32>] = []
        for feature in description.history {
            negatives.append(
                try reader.rows(
                    "negatives.\(feature.name)", count: negatives.first?.count,
                    of: description.rows(of: feature)))
        }
        self.negatives = negatives
        try reader.refuseOthers(than: Self.declarations(description, users: 0, events: 0, negatives: 0))
    }

    /// The samples of a split.
    public func samples(_ split: DatasetSplit) -> Samples {
        guard let tensors = splits[split] else { preconditionFailure("every split is read by init") }
        return Samples(sequences: sequences, split: tensors)
    }

    /// Sequences of events; without the reference's own files that is users.
    public var sequenceCount: Int { sequences.count }

    /// The vocabulary's file, which a model folder takes unchanged.
    public var vocabularyPath: String { "\(path)/\(FileName.vocabulary)" }

    /// The tensors of samples.safetensors.
    static func declarations(
        _ description: DatasetDescription, users: Int, events: Int, negatives: Int
    ) -> [SafetensorsWriter.Declaration] {
        var result = [SafetensorsWriter.Declaration("sequence.offsets", .u64, [users + 1])]
        for feature in description.history {
            result.append(.init("sequence.\(feature.name)", .i32, [events]))
            result.append(.init("negatives.\(feature.name)", .i32, [negatives]))
        }
        for feature in description.profile { result.append(.init("profile.\(feature.name)", .i32, [users])) }
        for split in DatasetSplit.allCases {
            let count = description.splits[split] ?? 0
            let name = split.rawValue
            result += [
                .init("\(name).sequence", .i32, [count]), .init("\(name).end", .i32, [count]),
                .init("\(name).label", .u8, [count]),
            ]
            for feature in description.candidates {
                result.append(.init("\(name).target.\(feature.name)", .i32, [count]))
            }
        }
        return result
    }
}
