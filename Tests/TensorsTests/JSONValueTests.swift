import Tensors
import Testing

struct JSONValueTests {
    private func parse(_ text: String) throws -> JSONValue { try JSONValue(parsing: Array(text.utf8)) }

    @Test func `values of every kind are read`() throws {
        let value = try parse(
            #" {"a": [1, -2.5e3, true, false, null], "b": {"c": "d\n\u20ac\ud83d\ude00\\\/"}} "#)
        let members = try #require(value.members)
        #expect(members.map(\.key) == ["a", "b"])
        #expect(
            members[0].value.elements
                == [.number("1"), .number("-2.5e3"), .bool(true), .bool(false), .null])
        #expect(members[0].value.elements?[1].double == -2500)
        #expect(members[1].value.members?.first?.value.text == "d\n€😀\\/")
    }

    @Test func `integers of 64 bits are exact`() throws {
        #expect(try parse("18446744073709551615").unsignedInteger == .max)
        #expect(try parse("18446744073709551616").unsignedInteger == nil)
        #expect(try parse("-1").unsignedInteger == nil)
        #expect(try parse("1.0").unsignedInteger == nil)
        #expect(try parse("1e3").unsignedInteger == nil)
        #expect(try parse("1e999").double == nil)
    }

    @Test(arguments: [
        "", " ", "{", "}", "[1,]", "[1 2]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "01", "+1", ".5",
        "1.",
        "1e", "--1", "tru", "nul", "\"", "\"\\x\"", "\"\\u12\"", "\"\\ud800\"", "\"\\udc00\"",
        "\"\\ud800\\u0041\"",
        "\"\u{01}\"", "1 1", "NaN", "{\"a\":1,\"a\":2}", "{\"a\":1,\"\\u0061\":2}", "'a'",
    ])
    func `what is not JSON is refused`(text: String) {
        #expect(throws: JSONError.self) { try parse(text) }
    }

    @Test func `nesting is bounded`() throws {
        let depth = JSONValue.depthLimit
        _ = try parse(String(repeating: "[", count: depth) + String(repeating: "]", count: depth))
        #expect(throws: JSONError.self) {
            try parse(String(repeating: "[", count: depth + 1) + String(repeating: "]", count: depth + 1))
        }
        #expect(throws: JSONError.self) { try parse(String(repeating: "[{\"a\":", count: 100_000)) }
    }

    @Test func `an error says where`() {
        let error = #expect(throws: JSONError.self) { try parse(#"{"a":1;}"#) }
        #expect(error?.description == "not valid JSON at byte 6: expected '}'")
    }
}
