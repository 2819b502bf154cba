import Tensors
import TestSupport
import Testing

/// Reading a mapped tensor where somebody says, and comparing what it holds.
struct MappedTensorElementsTests {
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
