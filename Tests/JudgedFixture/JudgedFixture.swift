public import DIEN
internal import Datasets
internal import Foundation
public import OfflineEvaluation

/// A registry whose models were trained elsewhere, and a small data set with other rows.
public enum JudgedFixture {
    /// The registry's folder.
    public static var registry: String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Wire/data/registry").path
    }

    /// One of its models.
    public static func model(_ name: String = "sports@1") throws -> NamedModel {
        try NamedModel(registered: name, in: registry)
    }

    /// Item r of the data set is the model's item `items[r - 1]`; 7 has no counterpart in the model.
    public static let items: [UInt64] = [1, 18, 149, 150, 153, 1110, 99_999_999]
    /// Two users and their events, as rows of the data set.
    public static let histories: [[Int32]] = [[3, 1, 4, 7, 2], [5]]
    /// Sequence, events before it, target row, label.
    public static let samples: [(sequence: Int, end: Int, target: Int32, label: UInt8)] = [
        (0, 5, 5, 1), (0, 5, 6, 0), (0, 2, 7, 0), (1, 1, 1, 1), (1, 0, 2, 0),
    ]

    /// Writes the data set into a folder that does not exist yet; category 0 everywhere but where `category` says.
    public static func write(to path: String, hasCategory: Bool = true) throws {
        let names = hasCategory ? ["item", "category"] : ["item"]
        let features = names.map {
            DatasetDescription.Feature(name: $0, table: $0, lookup: $0 == "category" ? "item" : nil)
        }
        let tables = [
            DatasetDescription.Table(name: "user", rows: 2, ids: .uint64),
            .init(name: "item", rows: items.count + 1, ids: .uint64),
            .init(name: "category", rows: 4, ids: .uint64),
        ]
        let description = DatasetDescription(
            sampling: .last, seed: 1, negatives: .popularity, maxHistory: 100,
            tables: tables.filter { hasCategory || $0.name != "category" },
            profile: [.init(name: "user", table: "user")], history: features, candidates: features,
            splits: [.train: 0, .validation: 0, .test: samples.count])
        let writer = try DatasetWriter(
            path: path, description: description, sequences: histories.count,
            events: histories.reduce(0) { $0 + $1.count }, negatives: 1)
        func columns(_ rows: [Int32]) -> [[Int32]] { hasCategory ? [rows, rows.map(category)] : [rows] }
        for (user, history) in histories.enumerated() {
            try writer.appendSequence(profile: [Int32(user)], history: columns(history))
        }
        for sample in samples {
            try writer.appendSample(
                .test, sequence: sample.sequence, end: sample.end,
                target: columns([sample.target]).map { $0[0] },
                label: sample.label)
        }
        try writer.appendNegatives(columns([1]))
        let rows = items.indices.map { Int32($0 + 1) }
        var vocabulary = [
            TableIdentifiers(table: "user", values: .integers([7]), rows: [1]),
            TableIdentifiers(
                table: "item", values: .integers(items), rows: rows,
                lookups: hasCategory ? [(table: "category", rows: rows.map(category))] : []),
        ]
        if hasCategory {
            vocabulary.append(
                TableIdentifiers(table: "category", values: .integers([2, 27, 400]), rows: [2, 1, 3]))
        }
        try writer.finish(vocabulary: vocabulary)
    }

    /// The data set's category row of an item's row.
    public static func category(_ item: Int32) -> Int32 { item % 4 }

    /// The same samples as identifiers, which is what a server would be asked.
    public static func inputs() -> [RankingInput] {
        let categories: [UInt64] = [.max, 27, 2, 400]
        return samples.map { sample in
            func columns(_ rows: [Int32]) -> [FeatureColumn] {
                [
                    FeatureColumn(name: "item", values: .ids(rows.map { items[Int($0) - 1] })),
                    FeatureColumn(name: "category", values: .ids(rows.map { categories[Int(category($0))] })),
                ]
            }
            return RankingInput(
                profile: [FeatureColumn(name: "user", values: .ids([sample.sequence == 1 ? 7 : .max]))],
                history: columns(Array(histories[sample.sequence].prefix(sample.end))),
                candidates: columns([sample.target]))
        }
    }

    /// A folder's path below the system's temporary folder, removed afterwards.
    public static func withFolder(_ body: (String) async throws -> Void) async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(
            "judged-\(UUID().uuidString)"
        ).path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try await body(path)
    }
}
