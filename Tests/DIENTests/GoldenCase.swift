import DIEN
import Files
import Foundation
import Tensors
import Testing

/// One file of golden vectors, and the model folder that its parameters make.
struct GoldenCase {
    static let names =
        ["paper", "reference"].flatMap { preset in
            ["gru_attention", "aigru", "agru", "augru", "dien"].map { "\($0).\(preset)" }
                + ["dien.\(preset).short_histories", "dien.\(preset).paper_size"]
        } + ["base", "wide_deep", "pnn", "din"].map { "\($0).reference" }

    let file: SafetensorsFile
    let facts: [String: JSONValue]

    init(_ name: String) throws {
        let url = Bundle.module.url(forResource: "Golden/\(name)", withExtension: "safetensors")
        file = try SafetensorsFile(MappedFile(path: try #require(url).path))
        let members = try JSONValue(parsing: Array(file.metadata["case", default: ""].utf8)).members
        facts = Dictionary(uniqueKeysWithValues: try #require(members).map { ($0.key, $0.value) })
    }

    func integer(_ fact: String) throws -> Int { Int(try #require(facts[fact]?.unsignedInteger)) }

    func has(_ tensor: String) -> Bool { file.description(of: tensor) != nil }

    var preset: String { get throws { try #require(facts["preset"]?.text) } }
    var architecture: String { get throws { try #require(facts["architecture"]?.text) } }
    var lengths: [Int] { get throws { try integers("input.lengths") } }

    func floats(_ name: String) throws -> [Float] {
        let shape = try #require(file.description(of: name)).shape
        return try file.tensor(name, of: Float.self, shape: shape).elements()
    }

    func integers(_ name: String) throws -> [Int] {
        let shape = try #require(file.description(of: name)).shape
        return try file.tensor(name, of: Int32.self, shape: shape).elements().map(Int.init)
    }

    /// The input of batch row b: identifiers are rows.
    func input(_ b: Int) throws -> RankingInput {
        let steps = try #require(file.description(of: "input.history_items")).shape[1]
        let past = b * steps..<b * steps + (try lengths[b])
        func column(_ name: String, _ values: some Sequence<Int>) -> FeatureColumn {
            FeatureColumn(name: name, values: .ids(values.map(UInt64.init)))
        }
        return RankingInput(
            profile: [column("user", [try integers("input.users")[b]])],
            history: [
                column("item", try integers("input.history_items")[past]),
                column("category", try integers("input.history_categories")[past]),
            ],
            candidates: [
                column("item", [try integers("input.items")[b]]),
                column("category", [try integers("input.categories")[b]]),
            ])
    }

    /// The model folder; its golden requests are the rows of the batch.
    func folder() throws -> MemoryModel {
        var model = MemoryModel()
        model[text: "config.json"] = try configuration()
        model.files["model.safetensors"] = try weights()
        model.files["vocabulary.safetensors"] = try vocabulary()
        model[text: "golden.jsonl"] = try goldenLines()
        return model
    }

    func configuration() throws -> String {
        let attention = has("param.attention.0.weight") ? #""attention_hidden": [80, 40],"# : ""
        let hidden =
            has("param.extractor.bias") ? #""hidden_size": \#(try integer("hidden_size")),"# : ""
        return #"""
            {"format": "dien-model/1", "architecture": "\#(try architecture)", "preset": "\#(try preset)",
             "embedding_dim": \#(try integer("embedding_dim")), \#(hidden)
             \#(attention) "head_hidden": [200, 80], "max_history": 100,
             "tables": [
               {"name": "user", "rows": \#(try integer("users")), "ids": "uint64"},
               {"name": "item", "rows": \#(try integer("items")), "ids": "uint64"},
               {"name": "category", "rows": \#(try integer("categories")), "ids": "uint64"}],
             "features": {
               "profile": [{"name": "user", "table": "user"}],
               "history": [{"name": "item", "table": "item"},
                           {"name": "category", "table": "category", "lookup": "item"}],
               "candidates": [{"name": "item", "table": "item"},
                              {"name": "category", "table": "category", "lookup": "item"}],
               "context": []},
             "metadata": {"anything": [1, {"goes": null}]}}
            """#
    }

    private func weights() throws -> [UInt8] {
        var writer = TensorsWriter()
        for tensor in file.tensors where tensor.name.hasPrefix("param.") {
            writer.add(
                String(tensor.name.dropFirst("param.".count)), try floats(tensor.name), shape: tensor.shape)
        }
        return writer.file
    }

    /// Identifier = row; the category that goes with item i is i modulo the categories.
    private func vocabulary() throws -> [UInt8] {
        var writer = TensorsWriter()
        for (table, rows) in [("user", "users"), ("item", "items"), ("category", "categories")] {
            let count = try integer(rows)
            writer.add("\(table).ids", (0..<count).map(UInt64.init))
            writer.add("\(table).rows", (0..<count).map(Int32.init))
        }
        let categories = try integer("categories")
        writer.add("item.category", (0..<(try integer("items"))).map { Int32($0 % categories) })
        return writer.file
    }

    private func goldenLines() throws -> String {
        let probabilities = try floats("serve.probabilities")
        return try probabilities.indices.map { b in
            let input = try input(b)
            func object(_ columns: [FeatureColumn]) -> String {
                let members = columns.map { column -> String in
                    guard case .ids(let ids) = column.values else { return "" }
                    return #""\#(column.name)": \#(ids)"#
                }
                return "{\(members.joined(separator: ", "))}"
            }
            return #"{"profile": \#(object(input.profile)), "history": \#(object(input.history)), "#
                + #""candidates": \#(object(input.candidates)), "probabilities": [\#(probabilities[b])]}"#
                + "\n"
        }.joined()
    }
}
