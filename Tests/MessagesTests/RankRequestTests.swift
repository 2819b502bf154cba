import Messages
import Testing

struct RankRequestTests {
    static let request = RankRequest(
        model: ModelSpec(name: "sports", version: 3, alias: "champion"), requestID: "r-1 ☺😈",
        routingKey: "user-7",
        profile: [FeatureColumn(name: "user", ids: [7])],
        history: [FeatureColumn(name: "item", ids: [1, 127, 128, 16384, 1 << 63, .max, 0])],
        candidates: [
            FeatureColumn(name: "item", ids: Array(0..<300)),
            FeatureColumn(name: "brand", strings: ["ä", "", "plain"]),
        ],
        context: [FeatureColumn(name: "hour", ids: [23])], topK: .max,
        topAttention: 3)

    @Test func `the bytes are those of Google's implementation, both ways`() throws {
        let google = bytes(GoogleVectors.rankRequest)
        #expect(try RankRequest.decoded(google) == Self.request)
        #expect(Self.request.serialized() == google)
    }

    @Test(arguments: GoogleVectors.odd) func `odd bytes are read as Google's implementation reads them`(
        what: String, given: String, read: String?
    ) throws {
        if let read {
            #expect(try RankRequest.decoded(bytes(given)).serialized() == bytes(read), "\(what)")
        } else {
            #expect(throws: MessageError.self, "\(what)") { try RankRequest.decoded(bytes(given)) }
        }
    }

    @Test func `an error names the field from the outside in`() {
        #expect(throws: MessageError.invalidUTF8(field: "history.name")) {
            try RankRequest.decoded(bytes("2a030a01ff"))
        }
        #expect(throws: MessageError.invalidUTF8(field: "request_id")) {
            try RankRequest.decoded(bytes("1202c328"))
        }
        #expect(throws: MessageError.embeddedNUL(field: "model.name")) {
            try RankRequest.decoded(bytes("0a050a03610062"))
        }
        #expect(throws: MessageError.malformed(message: "dien.v1.RankRequest", offset: 2)) {
            try RankRequest.decoded(bytes("40011205616263"))
        }
    }

    @Test(arguments: [
        ("420161", "top_k"), ("1001", "request_id"), ("2801", "history"), ("2a03120180", "history.ids"),
        ("2a0508070a0161", "history.name"), ("0a03120161", "model.version"),
        ("320518010a0161", "candidates.strings"),
    ]) func `a field whose bytes do not fit its type is named`(given: String, field: String) {
        #expect(throws: MessageError.malformedField(field: field)) { try RankRequest.decoded(bytes(given)) }
    }

    @Test func `a column with ids and strings is refused by name`() {
        let column = bytes("0a046974656d" + "120101" + "1a0178")
        let error = MessageError.idsAndStrings(field: "candidates.item")
        #expect(throws: error) { try RankRequest.decoded([0x32, UInt8(column.count)] + column) }
        #expect("\(error)" == "candidates.item: has both ids and strings; a column has values of one kind")
    }

    @Test func `a text loses its NUL when it is encoded, and nothing else`() throws {
        let request = RankRequest(requestID: "a\0b")
        #expect(try RankRequest.decoded(request.serialized()).requestID == "ab")
    }
}
