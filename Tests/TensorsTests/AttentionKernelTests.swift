import Foundation
import Tensors
import TestSupport
import Testing

/// The fused attention network of every instruction set of this machine, against its layers in double precision.
struct AttentionKernelTests {
    @Test(arguments: Kernels.available.map(\.name))
    func `scores of every pair are the network's`(name: String) throws {
        let kernels = try #require(Kernels.available.first { $0.name == name })
        for (inputs, first, second) in [(1, 1, 1), (12, 80, 40), (36, 80, 40), (10, 17, 9)] {
            for (rows, steps) in [(1, 1), (3, 5), (2, 25), (4, 53)] {
                let test = Case(inputs, first, second, rows, steps)
                let difference = largestDifference(test.scores(kernels), test.expected())
                #expect(difference < 5e-6, "\(inputs)-\(first)-\(second), N \(rows), T \(steps), seed 11")
            }
        }
    }

    @Test(arguments: Kernels.available.map(\.name))
    func `a candidate's scores have the same bits alone and among others`(name: String) throws {
        let kernels = try #require(Kernels.available.first { $0.name == name })
        let together = Case(12, 21, 9, 7, 31)
        let all = together.scores(kernels)
        for row in 0..<7 {
            #expect(together.only(row).scores(kernels) == Array(all[row * 31..<(row + 1) * 31]), "row \(row)")
        }
    }

    struct Case {
        let inputs, first, second, steps: Int
        var rows: Int
        let product, weights, bias, score, facts, keys: [Float]
        var queries, parts: [Float]

        init(_ inputs: Int, _ first: Int, _ second: Int, _ rows: Int, _ steps: Int) {
            var random = SplitMix64(seed: 11)
            (self.inputs, self.first, self.second, self.rows, self.steps) = (
                inputs, first, second, rows, steps
            )
            product = random.floats(first * inputs)
            weights = random.floats(second * first)
            bias = random.floats(second)
            score = random.floats(second)
            facts = random.floats(steps * inputs)
            keys = random.floats(steps * first)
            queries = random.floats(rows * inputs)
            parts = random.floats(rows * first)
        }

        func only(_ row: Int) -> Case {
            var result = self
            result.rows = 1
            result.queries = Array(queries[row * inputs..<(row + 1) * inputs])
            result.parts = Array(parts[row * first..<(row + 1) * first])
            return result
        }

        func scores(_ kernels: Kernels) -> [Float] {
            let network = AttentionNetwork(
                product: PackedMatrix(product, outputs: first, inputs: inputs),
                second: PackedMatrix(weights, outputs: second, inputs: first), secondBias: PackedVector(bias),
                score: PackedVector(score), scoreBias: 0.25)
            var scratch = KernelScratch()
            var result = Matrix(rows: rows, columns: steps)
            kernels.attentionScores(
                network, queries: matrix(queries, rows: rows, columns: inputs),
                queryParts: matrix(parts, rows: rows, columns: first),
                facts: matrix(facts, rows: steps, columns: inputs),
                keyParts: matrix(keys, rows: steps, columns: first), into: &result,
                scratch: &scratch)
            return result.elements()
        }

        func expected() -> [Double] {
            // Of sums that are scaled by ActivationScale.
            func sigmoid(_ scaled: Double) -> Double { 1 / (1 + exp2(scaled)) }
            var result: [Double] = []
            for n in 0..<rows {
                for t in 0..<steps {
                    let z1 = (0..<first).map { o in
                        var sum = Double(parts[n * first + o]) + Double(keys[t * first + o])
                        for i in 0..<inputs {
                            sum +=
                                Double(product[o * inputs + i]) * Double(queries[n * inputs + i])
                                * Double(facts[t * inputs + i])
                        }
                        return sigmoid(sum)
                    }
                    var total = 0.25
                    for o in 0..<second {
                        var sum = Double(bias[o])
                        for i in 0..<first { sum += Double(weights[o * first + i]) * z1[i] }
                        total += Double(score[o]) * sigmoid(sum)
                    }
                    result.append(total)
                }
            }
            return result
        }
    }
}
