import Datasets
import Tensors

/// Two users with three and one events, and a sample of each split, written by the writer.
enum SmallDataset {
    static var description: DatasetDescription {
        let features: [DatasetDescription.Feature] = [
            .init(name: "item", table: "item"), .init(name: "category", table: "category", lookup: "item"),
        ]
        return DatasetDescription(
            sampling: .last, seed: 7, negatives: .popularity, maxHistory: 2,
            tables: [
                .init(name: "user", rows: 3, ids: .uint64), .init(name: "item", rows: 5, ids: .string),
                .init(name: "category", rows: 3, ids: .uint64),
            ],
            profile: [.init(name: "user", table: "user")], history: features, candidates: features,
            splits: [.train: 2, .validation: 0, .test: 1],
            source: [.init(key: "rows", value: .number("4"))])
    }

    static func write(to path: String, isReplacing: Bool = false) throws {
        let writer = try DatasetWriter(
            path: path, description: description, sequences: 2, events: 4, negatives: 3,
            isReplacing: isReplacing)
        try writer.appendSequence(profile: [1], history: [[1, 2, 3], [1, 1, 2]])
        try writer.appendSequence(profile: [2], history: [[4], [2]])
        try writer.appendSample(.train, sequence: 0, end: 3, target: [4, 2], label: 1)
        try writer.appendSample(.train, sequence: 1, end: 0, target: [1, 1], label: 0)
        try writer.appendSample(.test, sequence: 0, end: 1, target: [2, 1], label: 1)
        try writer.appendNegatives([[1, 2, 3], [1, 1, 2]])
        try writer.finish(vocabulary: [
            TableIdentifiers(table: "user", values: .integers([10, 1 << 63]), rows: [1, 2]),
            TableIdentifiers(
                table: "item", values: .strings(["a", "b", "ü"]), rows: [1, 0, 2],
                lookups: [(table: "category", rows: [1, 2, 1])]),
            TableIdentifiers(table: "category", values: .integers([0, 5]), rows: [1, 2]),
        ])
    }
}
