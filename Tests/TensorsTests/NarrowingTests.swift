import TestSupport
import Tensors
import Testing

/// Rows of floats in fewer bits, against Swift's own conversions.
struct NarrowingTests {
    @Test func `float16 is rounded to the nearest, ties to even`() {
        var generator = SplitMix64.printed("rounding")
        var values: [Float] = [
            0, -0.0, 1, 1 + 0x1p-11, 1 + 0x3p-11, 0x1p-24, 0x1p-25, 0x1.8p-25, 65504, 65519,
        ]
        values += (0..<2000).map { _ in
            Float(sign: .plus, exponent: .random(in: -26...15, using: &generator), significand: 1)
                * .random(in: -1.9...1.9, using: &generator)
        }
        let rows = matrix(values, rows: 1, columns: values.count).narrowed(to: .f16, rows: 1)
        #expect(rows.firstOverflow == nil)
        for (index, value) in values.enumerated() {
            let bits = UInt16(rows.bytes[2 * index]) | UInt16(rows.bytes[2 * index + 1]) << 8
            #expect(bits == Float16(value).bitPattern, "\(value)")
        }
    }

    @Test func `bfloat16 is rounded to the nearest, ties to even`() {
        let values: [Float] = [1, 1 + 0x1p-8, 1 + 0x3p-8, 1 + 0x1.01p-8, -1 - 0x1p-8, 0x1p-149, 3e38]
        let expected: [Float] = [1, 1, 1 + 0x1p-6, 1 + 0x1p-7, -1, 0, 0x1.c4p127]
        let rows = matrix(values, rows: 1, columns: values.count).narrowed(to: .bf16, rows: 1)
        for (index, value) in expected.enumerated() {
            let bits = UInt32(rows.bytes[2 * index]) << 16 | UInt32(rows.bytes[2 * index + 1]) << 24
            #expect(Float(bitPattern: bits) == value, "\(values[index])")
        }
    }

    @Test func `int8 has the largest value of a row as 127`() {
        let values: [Float] = [0.5, -2, 1, 0, 0, 0, 0x1p-149, -0x1p-149, 0, 3, 3, -3]
        let rows = matrix(values, rows: 4, columns: 3).narrowed(to: .i8, rows: 4)
        #expect(rows.scales == [2 / 127, 0, 0, 3 / 127])
        let bytes = rows.bytes.map { Int8(bitPattern: $0) }
        // 0.5 / (2 / 127) is 31.75, and 1 / (2 / 127) is 63.5, whose even neighbour is 64.
        #expect(bytes == [32, -127, 64, 0, 0, 0, 0, 0, 0, 127, 127, -127])
    }

    @Test func `a value that a type cannot hold is told by its row`() {
        let values: [Float] = [1, 2, 3, -65520, 5, 1e6]
        let rows = matrix(values, rows: 3, columns: 2)
        #expect(rows.narrowed(to: .f16, rows: 3).firstOverflow == 1)
        #expect(rows.narrowed(to: .f16, rows: 1).firstOverflow == nil)
        #expect(rows.narrowed(to: .bf16, rows: 3).firstOverflow == nil)
        let huge = matrix([Float.greatestFiniteMagnitude], rows: 1, columns: 1)
        #expect(huge.narrowed(to: .bf16, rows: 1).firstOverflow == 0)
    }
}
