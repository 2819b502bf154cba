import Tensors
import TestSupport
import Testing

/// Searching a mapped tensor side by side, judged by looking at every element.
struct MappedTensorSearchTests {
    /// A tensor whose elements begin `shift` bytes after an aligned address.
    private func tensor(_ values: [UInt64], shift: Int) throws -> MappedTensor<UInt64> {
        let bytes = values.flatMap { value in (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
        var header = #"{"t":{"dtype":"U64","shape":[\#(values.count)],"data_offsets":[0,\#(bytes.count)]}}"#
        while (header.utf8.count + 8) % 8 != shift { header += " " }
        return try parse(safetensors(header, data: bytes)).tensor("t", shape: [nil])
    }

    @Test(arguments: [0, 1, 2, 3, 7, 8, 15, 16, 17, 100, 1000])
    func `every value is found where it stands, and no other`(count: Int) throws {
        var generator = SplitMix64.printed("search of \(count)")
        let spread = UInt64.random(in: 1...50, using: &generator)
        let known = Set(
            (0..<count).map { _ in UInt64.random(in: 0...UInt64(count) * spread, using: &generator) }
        )
        .union(count > 5 ? [0, .max] : []).sorted()
        let tensor = try tensor(known, shift: Int.random(in: 0..<8, using: &generator))
        for length in [0, 1, 15, 16, 17, 200] {
            let wanted =
                (0..<length).map { _ in
                    Bool.random(using: &generator)
                        ? known.randomElement(using: &generator) ?? 3
                        : .random(in: .min ... .max, using: &generator)
                } + [0, .max, 1]
            let expected = wanted.map { known.firstIndex(of: $0) ?? -1 }
            #expect(tensor.positions(of: wanted[...]) == expected)
            #expect(tensor.positions(of: wanted.dropFirst(2)) == Array(expected.dropFirst(2)))
        }
    }

    @Test func `elements are read at positions, 0 for those that are none`() throws {
        let data: [UInt8] = [5, 0, 0, 0, 7, 1, 0, 0, 9, 0, 0, 0]
        let header = #"{"t":{"dtype":"I32","shape":[3],"data_offsets":[0,12]}} "#
        let tensor: MappedTensor<Int32> = try parse(safetensors(header, data: data)).tensor("t", shape: [3])
        #expect(tensor.elements(at: [2, -1, 0, 1, 1]) == [9, 0, 5, 263, 263])
        #expect(tensor.elements(at: []).isEmpty)
    }

    @Test func `bytes compare as strings sort`() throws {
        let texts = ["", "a", "ab", "abc", "b", "zü", "\u{10FFFF}"]
        for stored in texts {
            let data = Array("xx\(stored)yy".utf8)
            let header = #"{"t":{"dtype":"U8","shape":[\#(data.count)],"data_offsets":[0,\#(data.count)]}}"#
            let tensor: MappedTensor<UInt8> = try parse(safetensors(header, data: data)).tensor(
                "t", shape: [nil])
            for wanted in texts {
                let sign = tensor.compare(2..<data.count - 2, with: wanted.utf8Span.span).signum()
                let (left, right) = (Array(stored.utf8), Array(wanted.utf8))
                let expected = left == right ? 0 : left.lexicographicallyPrecedes(right) ? -1 : 1
                #expect(sign == expected, "\(stored) and \(wanted)")
            }
        }
        // Where offsets are wrong, since a page was lost, there is nothing to compare.
        let tensor: MappedTensor<UInt8> = try parse(
            safetensors(#"{"t":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#, data: [65])
        ).tensor("t", shape: [1])
        #expect(tensor.compare(0..<99, with: "A".utf8Span.span) == 0)
        #expect(tensor.compare(7..<9, with: "".utf8Span.span) == 0)
    }
}
