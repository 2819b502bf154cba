import DIEN
import Tensors
import Testing

struct ModelConfigurationTests {
    private func parse(_ text: String) throws(ModelError) -> ModelConfiguration {
        try ModelConfiguration(parsing: Array(text.utf8))
    }

    @Test func `a configuration is read`() throws {
        let configuration = try parse(GoldenCase("dien.reference.paper_size").configuration())
        #expect(configuration.architecture == .dien && configuration.preset == .reference)
        #expect(configuration.embeddingSize == 18 && configuration.hiddenSize == 36)
        #expect(configuration.attentionHidden == [80, 40] && configuration.headHidden == [200, 80])
        #expect(configuration.itemSize == 36 && configuration.headInputSize == 162)
        #expect(configuration.tables.map(\.rows) == [50, 400, 40])
        #expect(configuration.candidates.map(\.lookup) == [nil, "item"])
        #expect(configuration.goldenTolerance == 1e-5 && configuration.maxHistory == 100)
        #expect(configuration.metadata.map(\.key) == ["anything"])
    }

    @Test(arguments: [
        ("format", #""dien-model/1""#, #""dien-model/2""#),
        ("architecture", #""architecture": "dien""#, #""architecture": "transformer""#),
        ("preset", #""preset": "reference""#, #""preset": "mine""#),
        ("embedding_dim", #""embedding_dim": 6"#, #""embedding_dim": 0"#),
        ("hidden_size", #""hidden_size": 12"#, #""hidden_size": 12.5"#),
        ("hidden_size", #""hidden_size": 12,"#, ""),
        ("attention_hidden", "[80, 40]", "[80]"),
        ("attention_hidden", #""preset": "reference""#, #""preset": "paper""#),
        ("hidden_size", #""architecture": "dien""#, #""architecture": "din""#),
        ("hidden_size", #""architecture": "dien""#, #""architecture": "pnn""#),
        (
            "preset", #""architecture": "dien", "preset": "reference""#,
            #""architecture": "base", "preset": "paper""#
        ),
        ("head_hidden", "[200, 80]", "[]"),
        ("max_history", #""max_history": 100"#, #""max_history": -1"#),
        ("extra", #""max_history": 100"#, #""max_history": 100, "extra": 1"#),
        ("tables[1].rows", #""rows": 37"#, #""rows": 4294967296"#),
        ("tables[1].ids", #""rows": 37, "ids": "uint64""#, #""rows": 37, "ids": "float""#),
        ("tables[1].name", #"{"name": "item", "rows""#, #"{"name": "a.b", "rows""#),
        ("tables[1].name", #"{"name": "item", "rows""#, #"{"name": "user", "rows""#),
        ("tables[1].name", #"{"name": "item", "rows""#, #"{"name": "ids", "rows""#),
        ("tables[0].colour", #""name": "user", "rows""#, #""colour": 1, "name": "user", "rows""#),
        (
            "features.profile[0].table", #"{"name": "user", "table": "user"}"#,
            #"{"name": "user", "table": "x"}"#
        ),
        ("features.history[1].lookup", #""lookup": "item""#, #""lookup": "category""#),
        (
            "features.history", #"[{"name": "item", "table": "item"},"#,
            #"[{"name": "item", "table": "user"},"#
        ),
        ("features.more", #""context": []"#, #""context": [], "more": []"#),
        ("golden_tolerance", #""metadata""#, #""golden_tolerance": 0.5, "metadata""#),
        ("precision", #""metadata""#, #""precision": "fp16", "metadata""#),
        ("precision", #""metadata""#, #""precision": 16, "metadata""#),
        ("precision_tolerance", #""metadata""#, #""precision_tolerance": 0.06, "metadata""#),
        ("precision_tolerance", #""metadata""#, #""precision_tolerance": 0, "metadata""#),
        ("metadata", #""metadata": {"anything": [1, {"goes": null}]}"#, #""metadata": 1"#),
    ])
    func `a field that cannot be is named`(field: String, part: String, replacement: String) throws {
        let text = try GoldenCase("dien.reference").configuration()
        let changed = text.replacing(part, with: replacement, maxReplacements: 1)
        try #require(changed != text)
        let error = #expect(throws: ModelError.self) { try parse(changed) }
        guard case .invalidConfiguration(let found, _) = error else {
            Issue.record("not refused as a configuration: \(String(describing: error))")
            return
        }
        #expect(found == field)
    }

    @Test func `an unknown architecture is refused with those supported`() throws {
        let text = try GoldenCase("dien.paper").configuration()
            .replacing(#""architecture": "dien""#, with: #""architecture": "dnn""#)
        let error = #expect(throws: ModelError.self) { try parse(text) }
        #expect(
            error?.description
                == #"config.json: architecture: unknown "dnn"; supported: base, wide_deep, pnn, din, "#
                + "gru_attention, aigru, agru, augru, dien")
    }

    @Test func `a field given twice and text that is not JSON are refused`() throws {
        let text = try GoldenCase("dien.paper").configuration()
        let twice = text.replacing(#""max_history": 100"#, with: #""max_history": 100, "max_history": 100"#)
        for bad in [twice, String(text.dropLast()), "", "[]"] {
            #expect(throws: ModelError.self) { try parse(bad) }
        }
    }
}
