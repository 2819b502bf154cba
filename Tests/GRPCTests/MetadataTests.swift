import GRPC
import Testing

struct MetadataTests {
    @Test func `order and duplicates are kept, names are lower case`() {
        let metadata: Metadata = ["X-Tag": "1", "other": "2", "x-tag": "3"]
        #expect(metadata.fields.map(\.name) == ["x-tag", "other", "x-tag"])
        #expect(metadata["X-TAG"] == [.text("1"), .text("3")])
        #expect(metadata.text("x-tag") == "1")
        #expect(metadata.text("absent") == nil)
    }

    /// The values of RFC 4648, section 10.
    @Test(arguments: [
        ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"),
        ("foobar", "Zm9vYmFy"),
    ])
    func `bytes are written without padding and read with or without`(text: String, wire: String) throws {
        var written = Metadata()
        written.append("v-bin", bytes: Array(text.utf8))
        #expect(written.wireFields.map(\.value) == [wire])
        let padding = String(repeating: "=", count: (4 - wire.count % 4) % 4)
        for value in [wire, wire + padding] {
            var read = Metadata()
            try read.append(wireName: "v-bin", wireValue: value)
            #expect(read == written)
        }
    }

    @Test func `several binary values may share a field`() throws {
        var metadata = Metadata()
        try metadata.append(wireName: "v-bin", wireValue: "Zg==,Zm8, Zm9v")
        #expect(
            metadata["v-bin"] == [
                .binary(Array("f".utf8)), .binary(Array("fo".utf8)), .binary(Array("foo".utf8)),
            ])
    }

    @Test(arguments: ["Z", "Zm9vY", "Zg=", "Z===", "Zg==Zg==", "Zm-_", "Zm 8", "Zg,*"])
    func `what is no base64 is refused whole`(wire: String) {
        var metadata = Metadata()
        #expect(throws: RPCError(code: .internal, message: "metadata \"v-bin\" is not base64")) {
            try metadata.append(wireName: "v-bin", wireValue: wire)
        }
        #expect(metadata.isEmpty)
    }

    @Test func `text beyond ASCII is received and not sent`() throws {
        var metadata = Metadata()
        try metadata.append(wireName: "name", wireValue: "Grüße")
        #expect(metadata.text("name") == "Grüße")
        #expect(throws: RPCError.self) { try metadata.validateForSending() }
    }

    @Test(arguments: ["", "a b", "grpc-timeout", ":path", "te", "content-type", "grüße"])
    func `a name that is not metadata is refused before it is sent`(name: String) {
        var metadata = Metadata()
        metadata.append(name, "value")
        #expect(throws: RPCError.self) { try metadata.validateForSending() }
    }

    @Test func `ordinary metadata may be sent`() throws {
        var metadata: Metadata = ["x-request.id_1": "a, b", "grpc-previous-rpc-attempts": "1"]
        metadata.append("key", bytes: [0, 255])
        try metadata.validateForSending()
        #expect(metadata.bytes("key-bin") == [0, 255])
    }
}
