import Tensors
import Testing

struct TensorComparisonTests {
    private func tensor(_ values: [Float], _ shape: String, _ extents: [Int]) throws -> MappedTensor<Float> {
        let header = #"{"w":{"dtype":"F32","shape":[\#(shape)],"data_offsets":[0,\#(values.count * 4)]}}"#
        let data = values.flatMap { value in
            (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * UInt32($0))) }
        }
        return try parse(safetensors(header, data: data)).tensor("w", shape: extents)
    }

    @Test func `rows that differ are counted, and the figures are those of numpy`() throws {
        let before = try tensor([1, 2, 3, -4, 5, 6], "3,2", [3, 2])
        let after = try tensor([1, 2, 3, -4.5, 5.25, 6], "3,2", [3, 2])
        let comparison = TensorComparison(before, after)
        #expect(comparison.rows == 3 && comparison.changedRows == 2)
        #expect(comparison.largestChange == 0.5)
        #expect(abs(comparison.before.mean - 13.0 / 6) < 1e-12)
        #expect(abs(comparison.before.rootMeanSquare - 3.8944404818493) < 1e-9)
        #expect(comparison.after.smallest == -4.5 && comparison.after.largest == 6)
    }

    @Test func `equal tensors have no changed row, and a bit that the value hides is a change`() throws {
        let zero = try tensor([0], "1", [1])
        #expect(TensorComparison(zero, zero).changedRows == 0)
        let negative = TensorComparison(zero, try tensor([-0.0], "1", [1]))
        #expect(negative.changedRows == 1 && negative.largestChange == 0)
        #expect(TensorComparison(zero, try tensor([.nan], "1", [1])).largestChange.isNaN)
    }

    @Test func `a single number is one row, and nothing has none`() throws {
        let number = try tensor([3], "", [])
        #expect(TensorComparison(number, number).rows == 1)
        let nothing = try tensor([], "0,4", [0, 4])
        #expect(TensorComparison(nothing, nothing).rows == 0)
    }
}
