import GRPC
import Testing

struct PercentEncodingTests {
    /// The message of gRPC's interoperability case `special_status_message`, and the bytes other servers send.
    static let special = "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n"
    static let specialWire =
        "%09%0Atest with whitespace%0D%0Aand Unicode BMP %E2%98%BA and non-BMP %F0%9F%98%88%09%0A"

    @Test func `the message of the interoperability case is encoded as others do`() {
        #expect(PercentEncoding.encode(Self.special) == Self.specialWire)
        #expect(PercentEncoding.decode(Self.specialWire) == Self.special)
    }

    @Test func `printable text stays, apart from the percent sign`() {
        let printable = String(decoding: Array(UInt8(0x20)...0x7E), as: UTF8.self)
        let encoded = PercentEncoding.encode(printable)
        #expect(encoded == printable.split(separator: "%").joined(separator: "%25"))
        #expect(PercentEncoding.decode(encoded) == printable)
    }

    @Test(arguments: [("%", "%"), ("%4", "%4"), ("%zz", "%zz"), ("%e2%98%ba", "☺"), ("a%FFb", "a\u{FFFD}b")])
    func `a broken message still says what it can`(wire: String, text: String) {
        #expect(PercentEncoding.decode(wire) == text)
    }

    @Test func `a long message is cut between characters`() {
        #expect(PercentEncoding.encode("ab☺☺", maximumLength: 11) == "ab%E2%98%BA")
        #expect(PercentEncoding.encode("ab☺☺", maximumLength: 20) == "ab%E2%98%BA%E2%98%BA")
        #expect(PercentEncoding.encode("abc", maximumLength: 2) == "ab")
        #expect(PercentEncoding.encode("☺", maximumLength: 8) == "")
    }
}
