import Tensors
import Testing

struct JSONFieldsTests {
    private func fields(_ text: String) throws -> JSONFields {
        try JSONFields(JSONValue(parsing: Array(text.utf8)))
    }

    @Test("A field is read once, and what nobody asked for is refused by its path")
    func leftovers() throws {
        var fields = try fields(#"{"a": {"b": [{"name": "x", "more": 1}]}, "c": 3}"#)
        var inner = try JSONFields(fields.value("a"), at: "a")
        #expect(throws: JSONFieldError(field: "a.b[0].more", reason: "is not a key of this format")) {
            _ = try inner.objects("b") { (object: inout JSONFields) throws(JSONFieldError) in
                try object.name("name")
            }
        }
        #expect(throws: JSONFieldError(field: "c", reason: "is unknown")) {
            try fields.finish(unknown: "is unknown")
        }
        #expect(try fields.integer("c", in: 0...3) == 3)
        try fields.finish()
        #expect(throws: JSONFieldError(field: "c", reason: "is missing")) { _ = try fields.value("c") }
    }

    @Test(
        "A value of another kind is refused, and the error names the field and what it has to be",
        arguments: [
            (#"{"n": -1}"#, "has to be an integer in 0...9"),
            (#"{"n": 10}"#, "has to be an integer in 0...9"),
            (#"{"n": 1.0}"#, "has to be an integer in 0...9"),
            (#"{"n": "1"}"#, "has to be an integer in 0...9"),
            (#"{"n": 18446744073709551616}"#, "has to be an integer in 0...9"),
        ])
    func integers(text: String, reason: String) throws {
        var fields = try fields(text)
        #expect(throws: JSONFieldError(field: "n", reason: reason)) { _ = try fields.integer("n", in: 0...9) }
    }

    @Test(
        "A list of more objects than the limit, a name with a dot and a document that is no object are refused"
    )
    func limits() throws {
        var fields = try fields(#"{"list": [{}, {}, {}], "name": "a.b"}"#)
        #expect(throws: JSONFieldError(field: "list", reason: "has to be a list of at most 2 objects")) {
            _ = try fields.objects("list", atMost: 2) { (_: inout JSONFields) throws(JSONFieldError) in 0 }
        }
        #expect(throws: JSONFieldError.self) { _ = try fields.name("name") }
        #expect(throws: JSONFieldError(field: "", reason: "has to be an object")) {
            _ = try self.fields("[1]")
        }
    }
}
