import Foundation
import Tensors
import TestSupport
import Testing

/// Products in bfloat16 of every instruction set of this machine, against double precision with the same roundings.
struct BFloat16KernelTests {
    /// The nearest bfloat16 by decimal search among the two neighbours, ties to the even one.
    static func rounded(_ value: Float) -> Double {
        let low = Float(bitPattern: value.bitPattern & 0xFFFF_0000)
        let high = Float(bitPattern: (value.bitPattern & 0xFFFF_0000) &+ 0x1_0000)
        let (below, above) = (abs(Double(value) - Double(low)), abs(Double(high) - Double(value)))
        if below == above { return Double((low.bitPattern >> 16) % 2 == 0 ? low : high) }
        return Double(below < above ? low : high)
    }

    @Test(arguments: Kernels.available.map(\.name))
    func `a dense layer multiplies rounded factors and adds in 32 bits`(name: String) throws {
        let kernels = try #require(Kernels.available.first { $0.name == name })
        var random = SplitMix64(seed: 41)
        for (rows, inputs, outputs) in [
            (1, 1, 1), (2, 3, 5), (3, 7, 15), (5, 16, 17), (13, 23, 24), (25, 31, 33), (48, 36, 40),
            (7, 108, 216),
            (2, 1100, 9), (50, 33, 108),
        ] {
            let (x, w, bias) = (
                random.floats(rows * inputs), random.floats(outputs * inputs), random.floats(outputs)
            )
            let packed = PackedMatrix(w, outputs: outputs, inputs: inputs, precision: .bf16)
            var output = Matrix(rows: rows, columns: outputs)
            kernels.dense(
                matrix(x, rows: rows, columns: inputs), packed, bias: PackedVector(bias), into: &output)
            let factors = (x.map(Self.rounded), w.map(Self.rounded))
            var expected: [Double] = []
            for r in 0..<rows {
                for o in 0..<outputs {
                    expected.append(
                        (0..<inputs).reduce(Double(bias[o])) {
                            $0 + factors.0[r * inputs + $1] * factors.1[o * inputs + $1]
                        })
                }
            }
            let difference = largestDifference(output.elements(), expected)
            #expect(difference < 1e-6 * Double(max(16, inputs)), "\(rows) x \(inputs) x \(outputs), seed 41")
        }
    }

    @Test(arguments: Kernels.available.map(\.name))
    func `a row has the same bits alone and among others`(name: String) throws {
        let kernels = try #require(Kernels.available.first { $0.name == name })
        var random = SplitMix64(seed: 42)
        for (inputs, outputs) in [(36, 72), (37, 40), (80, 41), (700, 108)] {
            let rows = 61
            let x = random.floats(rows * inputs)
            let packed = PackedMatrix(
                random.floats(outputs * inputs), outputs: outputs, inputs: inputs, precision: .bf16)
            let bias = PackedVector(random.floats(outputs))
            var together = Matrix(rows: rows, columns: outputs)
            kernels.dense(matrix(x, rows: rows, columns: inputs), packed, bias: bias, into: &together)
            for row in 0..<rows {
                var alone = Matrix(rows: 1, columns: outputs)
                let part = Array(x[row * inputs..<(row + 1) * inputs])
                kernels.dense(matrix(part, rows: 1, columns: inputs), packed, bias: bias, into: &alone)
                #expect(
                    alone.elements() == Array(together.elements()[row * outputs..<(row + 1) * outputs]),
                    "row \(row), \(inputs) x \(outputs), seed 42")
            }
        }
    }

    @Test(arguments: Kernels.available.map(\.name))
    func `NaN and infinity go through the product as they do in 32 bits`(name: String) throws {
        let kernels = try #require(Kernels.available.first { $0.name == name })
        let weights = PackedMatrix([1, 1, 1], outputs: 1, inputs: 3, precision: .bf16)
        let values: [Float] = [
            .nan, 0, 0, .infinity, 1, 1, -.infinity, 0, 1, .infinity, -.infinity, 0, 3e38, 3e38, 0, -0.0, 0,
            0,
            .init(bitPattern: 0x7F80_0001), 0, 0,
        ]
        var output = Matrix(rows: 7, columns: 1)
        kernels.dense(
            matrix(values, rows: 7, columns: 3), weights, bias: PackedVector([0]), into: &output)
        let found = output.elements()
        #expect(found[0].isNaN && found[3].isNaN && found[6].isNaN, "\(found)")
        #expect(found[1] == .infinity && found[2] == -.infinity && found[4] == .infinity && found[5] == 0)
    }

    @Test(arguments: Kernels.available.map(\.name), [false, true])
    func `an AUGRU in bf16 stays near the one in 32 bits, for every candidate alike`(
        name: String, resetAfter: Bool
    ) throws {
        let kernels = try #require(Kernels.available.first { $0.name == name })
        var scratch = KernelScratch()
        for hidden in [5, 36, 37] {
            let test = RecurrentKernelTests.Case(
                hidden: hidden, steps: 9, rows: 61, resetAfter: resetAfter, seed: 43)
            let scale = 1 / Float(hidden).squareRoot()
            func weights(_ precision: Precision) -> RecurrentWeights {
                RecurrentWeights(
                    gates: PackedMatrix(
                        test.gates.map { $0 * scale }, outputs: 2 * hidden, inputs: hidden,
                        precision: precision),
                    candidate: PackedMatrix(
                        test.candidate.map { $0 * scale }, outputs: hidden, inputs: hidden,
                        precision: precision),
                    candidateBias: resetAfter ? PackedVector(test.candidateBias) : nil)
            }
            func states(_ precision: Precision, _ rows: Range<Int>) -> [Float] {
                var states = Matrix(rows: rows.count, columns: hidden)
                let attention = Array(test.attention[rows.lowerBound * 9..<rows.upperBound * 9])
                kernels.attentionGRU(
                    weights(precision), cell: .gate(.reference), test.projections,
                    attention: matrix(attention, rows: rows.count, columns: 9), into: &states,
                    scratch: &scratch)
                return states.elements()
            }
            let together = states(.bf16, 0..<61)
            let difference = largestDifference(together, states(.fp32, 0..<61).map(Double.init))
            #expect(difference > 0 && difference < 2e-2, "H \(hidden), seed 43: \(difference)")
            for row in [0, 7, 60] {
                let alone = states(.bf16, row..<row + 1)
                #expect(alone == Array(together[row * hidden..<(row + 1) * hidden]), "row \(row), seed 43")
            }
        }
    }
}
