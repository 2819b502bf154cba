import DIEN
import Tensors
import Testing

struct ModelDifferenceTests {
    @Test func `a model does not differ from itself`() throws {
        let folder = try GoldenCase("dien.paper").folder()
        let difference = try ModelDifference(folder, folder)
        #expect(difference.configuration.isEmpty && difference.metadata.isEmpty)
        #expect(difference.tensors.allSatisfy { $0.figures?.changedRows == 0 })
        #expect(difference.tensors.contains { $0.name == "embedding.item" })
    }

    @Test func `settings, metadata, rows and tensors that differ are told`() throws {
        let golden = try GoldenCase("dien.paper")
        var (before, after) = (try golden.folder(), try golden.folder())
        before[text: "config.json"] = #"{"a": 1, "h": [80, 40], "metadata": {"auc": 0.5, "set": "x"}}"#
        after[text: "config.json"] = #"{"h": [80,  41], "metadata": {"auc": 0.75, "set": "x"}}"#
        var writer = TensorsWriter()
        for found in golden.file.tensors where found.name.hasPrefix("param.") {
            var values = try golden.floats(found.name)
            let name = String(found.name.dropFirst(6))
            if name == "embedding.item" { values[values.count - 1] += 1 }
            if name != "head.1.bias" { writer.add(name, values, shape: found.shape) }
        }
        after.files["model.safetensors"] = writer.file

        let difference = try ModelDifference(before, after)
        #expect(
            difference.configuration == [
                .init(name: "a", before: "1", after: nil),
                .init(name: "h", before: "[80,40]", after: "[80,41]"),
            ])
        #expect(difference.metadata == [.init(name: "metadata.auc", before: "0.5", after: "0.75")])
        let items = try #require(difference.tensors.first { $0.name == "embedding.item" }?.figures)
        #expect(items.changedRows == 1 && abs(items.largestChange - 1) < 1e-5)
        let bias = try #require(difference.tensors.first { $0.name == "head.1.bias" })
        #expect(bias.before != nil && bias.after == nil && bias.figures == nil)
    }
}
