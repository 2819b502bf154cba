import Foundation
import Tensors
import TestSupport
import Testing

/// Activations of every instruction set of this machine, against the functions in double precision.
struct ActivationKernelTests {
    /// Fine around zero, coarse to beyond where the functions saturate.
    static let grid: [Float] =
        (-4000...4000).map { Float($0) * 0.005 } + (-200...200).map { Float($0) } + [
            1e-30, -1e-30, 3e38, -3e38,
        ]

    @Test(arguments: Kernels.available.map(\.name))
    func `sigmoid is within 2e-7`(name: String) throws {
        let kernels = try #require(Kernels.available.first { $0.name == name })
        var values = matrix(Self.grid, rows: 1, columns: Self.grid.count)
        kernels.sigmoid(&values)
        let expected = Self.grid.map { 1 / (1 + exp(-Double($0))) }
        #expect(largestDifference(values.elements(), expected) <= 2e-7)
    }

    @Test(arguments: Kernels.available.map(\.name))
    func `tanh is within 2e-7`(name: String) throws {
        let kernels = try #require(Kernels.available.first { $0.name == name })
        var values = matrix(Self.grid, rows: 1, columns: Self.grid.count)
        kernels.tanh(&values)
        #expect(largestDifference(values.elements(), Self.grid.map { Foundation.tanh(Double($0)) }) <= 2e-7)
    }

    @Test(arguments: Kernels.available.map(\.name))
    func `special values go where the functions send them`(name: String) throws {
        let kernels = try #require(Kernels.available.first { $0.name == name })
        let special: [Float] = [0, -0.0, .infinity, -.infinity, .nan]
        var sigmoids = matrix(special, rows: 1, columns: 5)
        kernels.sigmoid(&sigmoids)
        #expect(sigmoids[0, 0] == 0.5 && sigmoids[0, 1] == 0.5 && sigmoids[0, 2] == 1)
        #expect(sigmoids[0, 3] >= 0 && sigmoids[0, 3] < 1e-37 && sigmoids[0, 4].isNaN)
        var tangents = matrix(special, rows: 1, columns: 5)
        kernels.tanh(&tangents)
        #expect(tangents[0, 0] == 0 && tangents[0, 1] == 0 && tangents[0, 2] == 1)
        #expect(tangents[0, 3] == -1 && tangents[0, 4].isNaN)
    }

    @Test(arguments: Kernels.available.map(\.name))
    func `prelu, dice and softmax let special values through and no further`(name: String) throws {
        let kernels = try #require(Kernels.available.first { $0.name == name })
        let special: [Float] = [0, -0.0, .infinity, -.infinity, .nan, 1]
        let half = PackedVector([Float](repeating: 0.5, count: 6))
        var prelu = matrix(special, rows: 1, columns: 6)
        kernels.prelu(&prelu, alpha: half)
        #expect(prelu[0, 0] == 0 && prelu[0, 1] == 0 && prelu[0, 2] == .infinity && prelu[0, 5] == 1)
        #expect(prelu[0, 3] == -.infinity && prelu[0, 4].isNaN)
        var dice = matrix(special, rows: 1, columns: 6)
        kernels.dice(&dice, scale: half, offset: half, alpha: half)
        #expect(dice[0, 0] == 0 && dice[0, 1] == 0 && dice[0, 2] == .infinity && dice[0, 5].isFinite)
        #expect(dice[0, 3] == -.infinity && dice[0, 4].isNaN)
        var softmax = matrix([1, .nan, 1, 1, 1, -.infinity], rows: 2, columns: 3)
        kernels.softmax(&softmax)
        #expect(softmax[0, 0].isNaN && softmax[0, 2].isNaN)
        #expect(softmax[1, 0] == 0.5 && softmax[1, 1] == 0.5 && softmax[1, 2] < 1e-37)
    }

    @Test(arguments: Kernels.available.map(\.name))
    func `an element has the same bits in every place of a row`(name: String) throws {
        let kernels = try #require(Kernels.available.first { $0.name == name })
        var random = SplitMix64(seed: 4)
        let values = random.floats(37, in: -5...5)
        var together = matrix(values, rows: 1, columns: 37)
        kernels.sigmoid(&together)
        for (place, value) in values.enumerated() {
            var alone = matrix([value], rows: 1, columns: 1)
            kernels.sigmoid(&alone)
            #expect(alone[0, 0] == together[0, place], "place \(place), seed 4")
        }
    }

    @Test(arguments: Kernels.available.map(\.name))
    func `softmax of every length is each exponential's share`(name: String) throws {
        let kernels = try #require(Kernels.available.first { $0.name == name })
        var random = SplitMix64(seed: 5)
        for columns in [1, 2, 7, 8, 9, 15, 16, 17, 31, 33, 100] {
            let scores = random.floats(3 * columns, in: -30...30)
            var values = matrix(scores, rows: 3, columns: columns)
            kernels.softmax(&values)
            var expected: [Double] = []
            for row in 0..<3 {
                let exponentials = scores[row * columns..<(row + 1) * columns].map { exp(Double($0)) }
                expected += exponentials.map { $0 / exponentials.reduce(0, +) }
            }
            #expect(largestDifference(values.elements(), expected) < 1e-6, "\(columns) columns, seed 5")
        }
        var empty = Matrix(rows: 2, columns: 0)
        kernels.softmax(&empty)
        #expect(empty.elements().isEmpty)
    }

    @Test(arguments: Kernels.available.map(\.name))
    func `softmax takes scores of any size`(name: String) throws {
        let kernels = try #require(Kernels.available.first { $0.name == name })
        var values = matrix([3e38, -3e38, 3e38, -1000, -1000, -1000], rows: 2, columns: 3)
        kernels.softmax(&values)
        let expected = [0.5, 0, 0.5, 1.0 / 3, 1.0 / 3, 1.0 / 3]
        #expect(largestDifference(values.elements(), expected) < 1e-6)
    }

    @Test(arguments: Kernels.available.map(\.name))
    func `dice and prelu follow their formulas`(name: String) throws {
        let kernels = try #require(Kernels.available.first { $0.name == name })
        var random = SplitMix64(seed: 6)
        for columns in [1, 5, 16, 19, 40] {
            let x = random.floats(4 * columns, in: -3...3)
            let (scale, offset, alpha) = (
                random.floats(columns), random.floats(columns), random.floats(columns)
            )
            var dice = matrix(x, rows: 4, columns: columns)
            kernels.dice(
                &dice, scale: PackedVector(scale), offset: PackedVector(offset), alpha: PackedVector(alpha))
            let expectedDice = x.indices.map { index in
                let (value, a) = (Double(x[index]), Double(alpha[index % columns]))
                let p =
                    1 / (1 + exp(-(Double(scale[index % columns]) * value + Double(offset[index % columns]))))
                return p * value + a * (1 - p) * value
            }
            #expect(largestDifference(dice.elements(), expectedDice) < 1e-6, "\(columns) columns, seed 6")
            var prelu = matrix(x, rows: 4, columns: columns)
            kernels.prelu(&prelu, alpha: PackedVector(alpha))
            let expectedPReLU = x.indices.map { index in
                x[index] > 0 ? Double(x[index]) : Double(alpha[index % columns]) * Double(x[index])
            }
            #expect(largestDifference(prelu.elements(), expectedPReLU) < 1e-6, "\(columns) columns, seed 6")
        }
    }
}
