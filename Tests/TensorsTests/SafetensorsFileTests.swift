import Tensors
import Testing

/// The strict reader against the format's own test vectors and each rule of it.
struct SafetensorsFileTests {
    static let entry = #"{"test":{"dtype":"I32","shape":[2,2],"data_offsets":[0,16]}}"#
    static let zeros = [UInt8](repeating: 0, count: 16)

    @Test func `a tensor of the format's example is read`() throws {
        #expect(Self.entry.utf8.count == 0x3C)
        let file = try parse(safetensors(Self.entry, data: Self.zeros))
        let tensor: MappedTensor<Int32> = try file.tensor("test", shape: [2, 2])
        #expect(tensor.elements() == [0, 0, 0, 0])
        #expect(file.tensors.map(\.description) == ["I32 [2, 2]"])
    }

    @Test func `bytes too many or too few are refused`() {
        let good = safetensors(Self.entry, data: Self.zeros)
        #expect(
            refusal(of: good + [0])
                == .wrongFileSize(path: "weights", tensor: "test", bytes: 85, expected: 84))
        #expect(
            refusal(of: good.dropLast(2))
                == .wrongFileSize(path: "weights", tensor: "test", bytes: 82, expected: 84))
    }

    @Test func `a header length beyond the limit or the file is refused`() {
        let huge: [UInt8] = [0x3C, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF]
        #expect(refusal(of: huge) == .headerTooLong(path: "weights", bytes: 0xFFFF_FF00_0000_003C))
        #expect(refusal(of: []) == .truncatedHeader(path: "weights", bytes: 0))
        #expect(refusal(of: [0x3C, 0, 0, 0, 0, 0, 0, 0]) == .truncatedHeader(path: "weights", bytes: 8))
        let limit = SafetensorsFile.headerLimitBytes
        let padded = "{}" + String(repeating: " ", count: limit - 2)
        #expect(refusal(of: safetensors(padded)) == nil)
        let longer = UInt64(limit + 1)
        #expect(refusal(of: safetensors(padded + " ")) == .headerTooLong(path: "weights", bytes: longer))
    }

    @Test(arguments: ["{}\r \t\n", "\t\n{}\r ", "{}", #"{"__metadata__":{}}"#])
    func `a header without tensors may have whitespace around it`(header: String) throws {
        #expect(try parse(safetensors(header)).tensors.isEmpty)
    }

    @Test func `a tensor may be empty`() throws {
        let header = #"{"test":{"dtype":"I32","shape":[2,0],"data_offsets":[0,0]}}"#
        #expect(try parse(safetensors(header)).tensors.first?.count == 0)
        let wide = #"{"test":{"dtype":"U8","shape":[4611686018427387904,2,0],"data_offsets":[0,0]}}"#
        let tensor: MappedTensor<UInt8> = try parse(safetensors(wide)).tensor("test", shape: [nil, nil, 0])
        #expect(tensor.count == 0 && tensor.elements().isEmpty)
    }

    @Test func `metadata is strings`() throws {
        let file = try parse(safetensors(#"{"__metadata__":{"a":"b","ü":"\u00fc\ud83d\ude00"}}"#))
        #expect(file.metadata == ["a": "b", "ü": "ü😀"])
        #expect(refusal(of: safetensors(#"{"__metadata__":{"a":1}}"#)) != nil)
        #expect(refusal(of: safetensors(#"{"__metadata__":[]}"#)) != nil)
    }

    @Test(arguments: [
        (
            "its size overflows",
            #"{"t":{"dtype":"I32","shape":[2,18446744073709551614],"data_offsets":[0,16]}}"#
        ),
        ("its size overflows", #"{"t":{"dtype":"U8","shape":[9223372036854775808],"data_offsets":[0,16]}}"#),
        ("takes 12 bytes", #"{"t":{"dtype":"I32","shape":[3],"data_offsets":[0,16]}}"#),
        ("unknown dtype", #"{"t":{"dtype":"I33","shape":[4],"data_offsets":[0,16]}}"#),
        ("more than 4 extents", #"{"t":{"dtype":"I32","shape":[1,1,1,1,4],"data_offsets":[0,16]}}"#),
        ("not a range", #"{"t":{"dtype":"I32","shape":[4],"data_offsets":[16,0]}}"#),
        ("not a range", #"{"t":{"dtype":"I32","shape":[4],"data_offsets":[0]}}"#),
        ("exactly dtype", #"{"t":{"dtype":"I32","shape":[4]}}"#),
        ("exactly dtype", #"{"t":{"dtype":"I32","shape":[4],"data_offsets":[0,16],"x":1}}"#),
        ("exactly dtype", #"{"t":{"dtype":"I32","shape":[-4],"data_offsets":[0,16]}}"#),
        ("exactly dtype", #"{"t":{"dtype":"I32","shape":[4.0],"data_offsets":[0,16]}}"#),
        ("exactly dtype", #"{"t":{"dtype":"I32","shape":["4"],"data_offsets":[0,16]}}"#),
        ("letters, digits", #"{"":{"dtype":"I32","shape":[4],"data_offsets":[0,16]}}"#),
        ("letters, digits", #"{"a/b":{"dtype":"I32","shape":[4],"data_offsets":[0,16]}}"#),
        ("letters, digits", #"{"t\u0000":{"dtype":"I32","shape":[4],"data_offsets":[0,16]}}"#),
        ("not an object", #"{"t":[]}"#),
    ])
    func `a tensor that breaks a rule is refused by name`(reason: String, header: String) throws {
        guard case .malformedTensor(_, _, 9, let found) = refusal(of: safetensors(header, data: Self.zeros))
        else {
            Issue.record("not refused as a malformed tensor")
            return
        }
        #expect(found.contains(reason))
    }

    @Test(arguments: [
        #"{"t":{"dtype":"I32","shape":[2],"data_offsets":[8,16]}}"#,
        #"{"t":{"dtype":"I32","shape":[2],"data_offsets":[0,8]},"u":{"dtype":"I32","shape":[1],"data_offsets":[12,16]}}"#,
        #"{"t":{"dtype":"I32","shape":[3],"data_offsets":[0,12]},"u":{"dtype":"I32","shape":[2],"data_offsets":[8,16]}}"#,
        #"{"t":{"dtype":"I32","shape":[4],"data_offsets":[0,16]},"u":{"dtype":"I32","shape":[4],"data_offsets":[0,16]}}"#,
    ])
    func `a hole or an overlap between tensors is refused`(header: String) throws {
        guard case .misplacedTensor = refusal(of: safetensors(header, data: Self.zeros)) else {
            Issue.record("not refused as misplaced")
            return
        }
    }

    @Test func `a name given twice is refused`() {
        let entry = #""t":{"dtype":"I32","shape":[2],"data_offsets":[0,8]}"#
        let twice = safetensors("{\(entry),\(entry)}", data: [UInt8](repeating: 0, count: 8))
        guard case .malformedHeader(_, "t", let offset, let reason) = refusal(of: twice) else {
            Issue.record("not refused")
            return
        }
        // Behind the second key.
        #expect(offset == 8 + 1 + entry.utf8.count + 1 + 3)
        #expect(reason.contains("duplicate key \"t\""))
    }

    @Test func `more tensors than the limit are refused`() {
        let limit = SafetensorsFile.tensorLimit
        func header(_ count: Int) -> String {
            let entries = (0..<count).map { #""t\#($0)":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}"# }
            return "{" + entries.joined(separator: ",") + "}"
        }
        #expect(refusal(of: safetensors(header(limit))) == nil)
        #expect(refusal(of: safetensors(header(limit + 1))) != nil)
    }

    @Test func `a header that is not UTF-8 is refused`() {
        #expect(refusal(of: [2, 0, 0, 0, 0, 0, 0, 0, 0x01, 0xFF]) != nil)
        let invalid = safetensors(#"{"__metadata__":{"a":"?"}}"#).map { $0 == UInt8(ascii: "?") ? 0xFF : $0 }
        #expect(refusal(of: invalid) != nil)
    }

    @Test func `another type or shape than asked for is refused with both`() throws {
        let file = try parse(safetensors(Self.entry, data: Self.zeros))
        #expect(throws: TensorError.missingTensor(path: "weights", tensor: "other")) {
            try file.tensor("other", of: Int32.self, shape: [2, 2])
        }
        #expect(throws: TensorError.self) { try file.tensor("test", of: Float.self, shape: [2, 2]) }
        #expect(throws: TensorError.self) { try file.tensor("test", of: Int32.self, shape: [4]) }
        #expect(throws: TensorError.self) { try file.tensor("test", of: Int32.self, shape: [2, 3]) }
        _ = try file.tensor("test", of: Int32.self, shape: [nil, 2])
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity])
    func `a weight that is not finite is refused with its place`(value: Float) throws {
        let header = #"{"w":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}"#
        let data = [1, value, 2].flatMap { value in (0..<4).map { UInt8(value.bitPattern >> (8 * $0) & 0xFF) }
        }
        let file = try parse(safetensors(header, data: data))
        let offset = 8 + header.utf8.count + 4
        let error = TensorError.nonFinite(path: "weights", tensor: "w", element: 1, offset: offset)
        #expect(throws: error) { try file.weights("w", shape: [3]) }
    }
}
