import TestSupport
import Tensors
import Testing

/// Embedding tables in fewer bits, against Swift's own conversions.
struct MappedTableTests {
    private static func file(
        _ type: String, rows: Int, columns: Int, _ bytes: [UInt8], _ scales: [Float]? = nil
    )
        throws -> SafetensorsFile
    {
        let end = bytes.count
        let scale = scales.map { scales in
            #","embedding.t.scale":{"dtype":"F32","shape":[\#(scales.count)],"data_offsets":[\#(end),\#(end + 4 * scales.count)]}"#
        }
        let header =
            #"{"embedding.t":{"dtype":"\#(type)","shape":[\#(rows),\#(columns)],"data_offsets":[0,\#(end)]}\#(scale ?? "")}"#
        let tail = (scales ?? []).flatMap { little($0.bitPattern, 4) }
        return try parse(safetensors(header, data: bytes + tail))
    }

    private static func little(_ value: UInt32, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    private func rows(_ file: SafetensorsFile, _ shape: (Int, Int), _ numbers: [Int]) throws -> Matrix {
        let table = try file.table("embedding.t", rows: shape.0, columns: shape.1)
        // The columns beside the table's own belong to another feature.
        var vectors = matrix(
            [Float](repeating: 7, count: numbers.count * (shape.1 + 2)), rows: numbers.count,
            columns: shape.1 + 2)
        table.gather(numbers, 0..<numbers.count, into: &vectors, row: 0, column: 1)
        for row in 0..<numbers.count { #expect(vectors[row, 0] == 7 && vectors[row, shape.1 + 1] == 7) }
        return vectors
    }

    @Test(arguments: [1, 3, 8, 18, 33]) func `halves are read as Swift reads them`(columns: Int) throws {
        var generator = SplitMix64.printed("halves, \(columns) columns")
        var bits = (0..<40 * columns).map { _ in UInt16.random(in: 0...0xffff, using: &generator) }
        bits[0] = 1  // the smallest of all
        for index in bits.indices where bits[index] & 0x7c00 == 0x7c00 || bits[index] & 0x7f80 == 0x7f80 {
            bits[index] &= 0x83ff
        }
        let bytes = bits.flatMap { Self.little(UInt32($0), 2) }
        let numbers = [39, 0, 0, 17]
        let halves = try rows(Self.file("F16", rows: 40, columns: columns, bytes), (40, columns), numbers)
        let upper = try rows(Self.file("BF16", rows: 40, columns: columns, bytes), (40, columns), numbers)
        for (row, number) in numbers.enumerated() {
            for column in 0..<columns {
                let bits = bits[number * columns + column]
                #expect(halves[row, column + 1] == Float(Float16(bitPattern: bits)))
                #expect(upper[row, column + 1] == Float(bitPattern: UInt32(bits) << 16))
            }
        }
    }

    @Test func `bytes are multiplied by the scale of their row`() throws {
        let bytes = (0..<256).map { UInt8($0) }
        let scales: [Float] = (0..<8).map { $0 == 3 ? 0 : 0.37 / Float($0 + 1) }
        let vectors = try rows(
            Self.file("I8", rows: 8, columns: 32, bytes, scales), (8, 32), [7, 3, 4, 0])
        for (row, number) in [7, 3, 4, 0].enumerated() {
            for column in 0..<32 {
                let value = Float(Int8(bitPattern: bytes[number * 32 + column])) * scales[number]
                #expect(vectors[row, column + 1] == value)
            }
        }
    }

    @Test func `a table of another type or shape is refused with both`() throws {
        let file = try Self.file("U8", rows: 2, columns: 2, [0, 0, 0, 0])
        #expect(
            throws: TensorError.unexpectedTensor(
                path: "weights", tensor: "embedding.t", offset: 73, found: "U8 [2, 2]",
                expected: "F32, F16, BF16, I8 [2, 2]")
        ) { try file.table("embedding.t", rows: 2, columns: 2) }
        let half = try Self.file("F16", rows: 2, columns: 1, [0, 0, 0, 0])
        #expect(throws: TensorError.self) { try half.table("embedding.t", rows: 1, columns: 2) }
        #expect(throws: TensorError.missingTensor(path: "weights", tensor: "embedding.u")) {
            try half.table("embedding.u", rows: 2, columns: 1)
        }
    }

    @Test(arguments: [
        ("F16", UInt8(0x7c)), ("F16", 0xfe as UInt8), ("BF16", 0x7f as UInt8), ("BF16", 0xff as UInt8),
    ])
    func `a half that is no number is refused with its place`(type: String, high: UInt8) throws {
        let file = try Self.file(type, rows: 2, columns: 2, [0, 0, 0, 0, 0x80, high, 0, 0])
        let error = #expect(throws: TensorError.self) { try file.table("embedding.t", rows: 2, columns: 2) }
        guard case .nonFinite("weights", "embedding.t", let element, let offset) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(element == 2 && offset == file.tensors[0].bytes.lowerBound + 4)
    }

    @Test func `scales have to be there, one a row, not negative and finite`() throws {
        let bytes: [UInt8] = [1, 2, 3, 4]
        func refusal(_ scales: [Float]?) throws -> TensorError? {
            let file = try Self.file("I8", rows: 2, columns: 2, bytes, scales)
            return #expect(throws: TensorError.self) { try file.table("embedding.t", rows: 2, columns: 2) }
        }
        #expect(try refusal(nil) == .missingTensor(path: "weights", tensor: "embedding.t.scale"))
        guard case .unexpectedTensor = try refusal([1]) else {
            Issue.record("one scale for two rows")
            return
        }
        guard case .nonFinite = try refusal([1, .nan]) else {
            Issue.record("a scale that is no number")
            return
        }
        for bad in [-1e-9, .greatestFiniteMagnitude] as [Float] {
            guard case .malformedTensor(_, "embedding.t.scale", _, let reason) = try refusal([0, bad]) else {
                Issue.record("scale \(bad)")
                return
            }
            #expect(reason.hasPrefix("element 1 is \(bad)"))
        }
    }
}
