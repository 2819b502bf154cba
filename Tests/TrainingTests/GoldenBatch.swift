import DIEN
import Files
import Foundation
import Tensors
import Testing
import Training

/// One file of golden vectors as a network to train and the batch that its losses and gradients belong to.
struct GoldenBatch {
    static let names =
        ["paper", "reference"].flatMap { preset in
            ["gru_attention", "aigru", "agru", "augru", "dien"].map { "\($0).\(preset)" }
                + ["dien.\(preset).short_histories", "dien.\(preset).paper_size"]
        } + ["base", "wide_deep", "pnn", "din"].map { "\($0).reference" }

    let file: SafetensorsFile
    /// The file with `param.` taken off the names.
    let parameters: SafetensorsFile
    let facts: [String: JSONValue]
    /// Golden rows, the longest history first.
    let order: [Int]
    let batch: Batch

    /// - Parameter leftOut: the golden row that the batch goes without; nil: it has all.
    init(_ name: String, leavingOut leftOut: Int? = nil) throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let path = folder.appendingPathComponent("DIENTests/Golden/\(name).safetensors").path
        file = try SafetensorsFile(MappedFile(path: path))
        let members = try JSONValue(parsing: Array(file.metadata["case", default: ""].utf8)).members
        facts = Dictionary(uniqueKeysWithValues: try #require(members).map { ($0.key, $0.value) })
        parameters = try Self.parameters(of: path)
        let tensors = file
        func integers(_ name: String) throws -> [Int] {
            let shape = try #require(tensors.description(of: "input.\(name)")).shape
            return try tensors.tensor("input.\(name)", of: Int32.self, shape: shape).elements().map(Int.init)
        }
        let lengths = try integers("lengths")
        let order = lengths.indices.filter { $0 != leftOut }.sorted { (lengths[$0], $1) > (lengths[$1], $0) }
        let layout = SequenceLayout(lengths: order.map { lengths[$0] })
        let steps = try #require(file.description(of: "input.history_items")).shape[1]
        func sample(_ table: String, _ name: String) throws -> FeatureRows {
            let values = try integers(name)
            return FeatureRows(table: table, rows: order.map { values[$0] })
        }
        func packed(_ table: String, _ name: String) throws -> FeatureRows {
            let values = try integers(name)
            let rows = layout.counts.enumerated().flatMap { t, count in
                (0..<count).map { values[order[$0] * steps + t] }
            }
            return FeatureRows(table: table, rows: rows)
        }
        let labels = try file.tensor("input.labels", of: Float.self, shape: [nil]).elements()
        self.order = order
        batch = Batch(
            profile: [try sample("user", "users")], context: [],
            targets: [try sample("item", "items"), try sample("category", "categories")],
            history: [try packed("item", "history_items"), try packed("category", "history_categories")],
            negatives: [
                try packed("item", "negative_items"), try packed("category", "negative_categories"),
            ], layout: layout, labels: order.map { labels[$0] })
    }

    /// The parameters alone, written again under their names in a model folder.
    private static func parameters(of path: String) throws -> SafetensorsFile {
        let file = try SafetensorsFile(MappedFile(path: path))
        var entries: [String] = []
        var data: [UInt8] = []
        func add(_ name: String, _ shape: [Int], _ values: [Float]) {
            let bytes = values.flatMap { value in
                (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * UInt32($0))) }
            }
            let offsets = "\(data.count),\(data.count + bytes.count)"
            entries.append(#""\#(name)":{"dtype":"F32","shape":\#(shape),"data_offsets":[\#(offsets)]}"#)
            data += bytes
        }
        for tensor in file.tensors where tensor.name.hasPrefix("param.") {
            let values = try file.tensor(tensor.name, of: Float.self, shape: tensor.shape).elements()
            add(String(tensor.name.dropFirst("param.".count)), tensor.shape, values)
        }
        if path.hasSuffix("dien.reference.short_histories.safetensors") {
            // Without a pair the golden program made no auxiliary network; ours has one, which must get no gradient.
            for (name, shape) in auxiliaryShapes(inputs: 20) {
                add("auxiliary.\(name)", shape, [Float](repeating: 0.1, count: shape.reduce(1, *)))
            }
        }
        let header = Array("{\(entries.joined(separator: ","))}".utf8)
        let length = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
        return try SafetensorsFile(MappedFile(copying: length + header + data, path: "parameters"))
    }

    private static func auxiliaryShapes(inputs: Int) -> [(String, [Int])] {
        [
            ("norm.gamma", [inputs]), ("norm.beta", [inputs]), ("0.weight", [100, inputs]), ("0.bias", [100]),
            ("1.weight", [50, 100]), ("1.bias", [50]), ("2.weight", [2, 50]), ("2.bias", [2]),
        ]
    }

    func has(_ name: String) -> Bool { file.description(of: name) != nil }

    func floats(_ name: String) throws -> [Float] {
        let shape = try #require(file.description(of: name)).shape
        return try file.tensor(name, of: Float.self, shape: shape).elements()
    }

    func text(_ fact: String) throws -> String { try #require(facts[fact]?.text) }
    func integer(_ fact: String) throws -> Int { Int(try #require(facts[fact]?.unsignedInteger)) }

    func network(_ kernels: Kernels = .automatic, threads: Int = 1) throws -> Network {
        let attention = file.description(of: "param.attention.0.weight") != nil
        let recurrent = file.description(of: "param.extractor.bias") != nil
        let hidden = recurrent ? #""hidden_size": \#(try integer("hidden_size")),"# : ""
        let text = #"""
            {"format": "dien-model/1", "architecture": "\#(try text("architecture"))",
             "preset": "\#(try text("preset"))", "embedding_dim": \#(try integer("embedding_dim")),
             \#(hidden) \#(attention ? #""attention_hidden": [80, 40],"# : "")
             "head_hidden": [200, 80], "max_history": 100,
             "tables": [
               {"name": "user", "rows": \#(try integer("users")), "ids": "uint64"},
               {"name": "item", "rows": \#(try integer("items")), "ids": "uint64"},
               {"name": "category", "rows": \#(try integer("categories")), "ids": "uint64"}],
             "features": {
               "profile": [{"name": "user", "table": "user"}],
               "history": [{"name": "item", "table": "item"}, {"name": "category", "table": "category"}],
               "candidates": [{"name": "item", "table": "item"}, {"name": "category", "table": "category"}],
               "context": []}}
            """#
        return try Network(
            parameters, ModelConfiguration(parsing: Array(text.utf8)), threads: threads, kernels: kernels)
    }
}
