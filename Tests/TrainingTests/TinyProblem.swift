import DIEN
import Files
import Foundation
import Tensors
import TestSupport
import Training

/// A small model of any architecture, with a vocabulary and random batches whose clicks can be learnt.
struct TinyProblem {
    static let names =
        ["paper", "reference"].flatMap { preset in
            ["gru_attention", "aigru", "agru", "augru", "dien"].map { "\($0).\(preset)" }
        } + ["base", "wide_deep", "pnn", "din"].map { "\($0).reference" }

    let configuration: ModelConfiguration
    let items: Int
    /// Identifier of item row r: r · 10. That of a user: r + 500.
    static func itemID(_ row: Int) -> UInt64 { UInt64(row) * 10 }

    init(_ name: String, items: Int = 30, tablesApart: Bool = false) throws {
        let parts = name.split(separator: ".").map(String.init)
        let plain = ["base", "wide_deep", "pnn", "din"].contains(parts[0])
        let network = parts[0] == "din" || (!plain && parts[1] == "reference")
        let file = tablesApart ? #", "file": "embedding.item.safetensors""# : ""
        let text = #"""
            {"format": "dien-model/1", "architecture": "\#(parts[0])", "preset": "\#(parts[1])",
             "embedding_dim": 5, \#(plain ? "" : #""hidden_size": 10,"#)
             \#(network ? #""attention_hidden": [8, 4],"# : "") "head_hidden": [12, 6], "max_history": 20,
             "tables": [{"name": "user", "rows": 9, "ids": "uint64"},
               {"name": "item", "rows": \#(items), "ids": "uint64"\#(file)},
               {"name": "category", "rows": 4, "ids": "string"}],
             "features": {"profile": [{"name": "user", "table": "user"}],
               "history": [{"name": "item", "table": "item"},
                 {"name": "category", "table": "category", "lookup": "item"}],
               "candidates": [{"name": "item", "table": "item"},
                 {"name": "category", "table": "category", "lookup": "item"}], "context": []}}
            """#
        configuration = try ModelConfiguration(parsing: Array(text.utf8))
        self.items = items
    }

    static func category(_ item: Int) -> Int { item == 0 ? 0 : item % 4 }

    /// Writes vocabulary.safetensors; returns its path.
    func writeVocabulary(in folder: TemporaryFolder) throws -> String {
        let path = folder.path("vocabulary-\(items).safetensors")
        let writer = try SafetensorsWriter(
            path: path,
            tensors: [
                .init("user.ids", .u64, [8]), .init("user.rows", .i32, [8]),
                .init("item.ids", .u64, [items - 1]), .init("item.rows", .i32, [items - 1]),
                .init("item.category", .i32, [items - 1]), .init("category.bytes", .u8, [3]),
                .init("category.offsets", .u64, [4]), .init("category.rows", .i32, [3]),
            ])
        try writer.append((1...8).map { UInt64($0 + 500) }, to: "user.ids")
        try writer.append((1...8).map { Int32($0) }, to: "user.rows")
        try writer.append((1..<items).map(Self.itemID), to: "item.ids")
        try writer.append((1..<items).map { Int32($0) }, to: "item.rows")
        try writer.append((1..<items).map { Int32(Self.category($0)) }, to: "item.category")
        try writer.append(Array("abc".utf8), to: "category.bytes")
        try writer.append([0, 1, 2, 3] as [UInt64], to: "category.offsets")
        try writer.append([1, 2, 3] as [Int32], to: "category.rows")
        try writer.finish()
        return path
    }

    /// Samples whose click is that the target is of the last behaviour's parity; some histories are empty.
    func batch(_ size: Int, _ generator: inout SplitMix64) -> Batch {
        let lengths = (0..<size).map { _ in Int.random(in: 0...9, using: &generator) }.sorted(by: >)
        let layout = SequenceLayout(lengths: lengths)
        func draw(_ count: Int) -> [Int] {
            (0..<count).map { _ in Int.random(in: 0..<items, using: &generator) }
        }
        func features(_ rows: [Int]) -> [FeatureRows] {
            [
                FeatureRows(table: "item", rows: rows),
                FeatureRows(table: "category", rows: rows.map(Self.category)),
            ]
        }
        let history = draw(layout.rows)
        let targets = draw(size)
        let labels = targets.enumerated().map { b, target -> Float in
            let last = lengths[b] == 0 ? 0 : history[layout.row(lengths[b] - 1, b)]
            return target % 2 == last % 2 ? 1 : 0
        }
        let users = (0..<size).map { _ in Int.random(in: 0..<9, using: &generator) }
        return Batch(
            profile: [FeatureRows(table: "user", rows: users)], context: [], targets: features(targets),
            history: features(history), negatives: features(draw(layout.rows)), layout: layout, labels: labels
        )
    }

    /// Sample b of a batch as serving takes it.
    static func rows(_ batch: Batch, _ b: Int) -> RankingRows {
        RankingRows(
            profile: batch.profile.map { $0.rows[b] },
            history: batch.history.map { feature in
                (0..<batch.layout.lengths[b]).map { feature.rows[batch.layout.row($0, b)] }
            }, candidates: batch.targets.map { [$0.rows[b]] })
    }

    /// Trains `network` for some steps on batches of `generator`; → the losses.
    static func train(
        _ network: Network, _ adam: Adam, steps: Int, _ problem: TinyProblem, _ generator: inout SplitMix64
    ) -> [Double] {
        (0..<steps).map { _ in
            let losses = network.differentiate(problem.batch(32, &generator))
            adam.step(learningRate: 5e-3)
            return losses.target
        }
    }
}

/// A folder of its own that goes with the value.
final class TemporaryFolder {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("training-\(UUID().uuidString)")

    init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(at: url) }

    func path(_ name: String) -> String { url.appendingPathComponent(name).path }
}
