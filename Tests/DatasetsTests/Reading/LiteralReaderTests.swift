import Testing

@testable import Datasets

/// JSON objects and Python dicts, as `json.dumps` and `repr` write them.
struct LiteralReaderTests {
    private func read(_ text: String, _ keys: String...) throws -> [LiteralReader.Value?] {
        var reader = LiteralReader(Array(text.utf8))
        return try reader.dictionary(keys: keys.map { Array($0.utf8) })
    }

    private func text(_ value: String) -> LiteralReader.Value { .text(Array(value.utf8)) }

    @Test(arguments: [
        (#"{"a": "it's \"x\" \u00fc\ud83d\ude00\/"}"#, "it's \"x\" ü😀/"),
        (#"{'a': 'it\'s "x" \xfc\U0001f600\\'}"#, "it's \"x\" ü😀\\"),
        (#"{u'a': u'\u00fc', 'b': None}"#, "ü"), (#"{'b': (1, 2L, [True],), "a" : "\d\n",}"#, "\\d\n"),
    ]) func `strings in either quotes, their escapes undone`(line: String, value: String) throws {
        #expect(try read(line, "a") == [text(value)])
    }

    @Test func `values of other keys are skipped, lists and numbers kept`() throws {
        let line = #"{"x": {"a": 1, "y": [[], {}]}, "categories": [["B", "C"], []], "t": -1.5e3, "n": null}"#
        #expect(
            try read(line, "categories", "t", "n", "none")
                == [.list([.list([text("B"), text("C")]), .list([])]), .number("-1.5e3"), .other, nil])
    }

    @Test(arguments: [
        "", "{", "{}x", "{'a'}", "{'a': }", "{'a': 'x}", #"{"a": "\u12"}"#, #"{"a": "\ud800"}"#,
        "{'a': maybe}", "[]",
        "{'a': " + String(repeating: "[", count: 40), "{1: 2}", #"{"a": "\ud83d\u0041"}"#,
    ]) func `anything else is malformed`(line: String) {
        #expect(throws: LiteralReader.Malformed.self) { try read(line, "a") }
    }
}
