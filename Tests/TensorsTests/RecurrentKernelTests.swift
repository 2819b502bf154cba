import Foundation
import Tensors
import TestSupport
import Testing

/// GRU and AUGRU of every instruction set of this machine, against the equations in double precision.
struct RecurrentKernelTests {
    /// Weights and inputs of one recurrence, all of them small enough not to saturate.
    struct Case {
        let hidden: Int
        let steps: Int
        let rows: Int
        let resetAfter: Bool
        let gates, candidate, candidateBias, attention: [Float]
        let gateInputBias, candidateInputBias: [Float]
        private(set) var gateInputs, candidateInputs: [Float]

        init(hidden: Int, steps: Int, rows: Int, resetAfter: Bool, seed: UInt64) {
            var random = SplitMix64(seed: seed)
            (self.hidden, self.steps, self.rows, self.resetAfter) = (hidden, steps, rows, resetAfter)
            gates = random.floats(2 * hidden * hidden)
            candidate = random.floats(hidden * hidden)
            candidateBias = random.floats(hidden)
            gateInputs = random.floats(steps * 2 * hidden)
            candidateInputs = random.floats(steps * hidden)
            attention = random.floats(rows * steps, in: 0...1)
            gateInputBias = random.floats(2 * hidden)
            candidateInputBias = random.floats(hidden)
        }

        /// What is added to inputs that attention has scaled.
        var inputBias: InputBias {
            InputBias(gates: PackedVector(gateInputBias), candidate: PackedVector(candidateInputBias))
        }

        /// The same with the inputs of a step scaled, and then their biases added.
        func scaled(by factor: Float, at step: Int) -> Case {
            var result = self
            for row in 0..<2 * hidden {
                result.gateInputs[step * 2 * hidden + row] *= factor
                result.gateInputs[step * 2 * hidden + row] += gateInputBias[row]
            }
            for row in 0..<hidden {
                result.candidateInputs[step * hidden + row] *= factor
                result.candidateInputs[step * hidden + row] += candidateInputBias[row]
            }
            return result
        }

        var weights: RecurrentWeights {
            RecurrentWeights(
                gates: PackedMatrix(gates, outputs: 2 * hidden, inputs: hidden),
                candidate: PackedMatrix(candidate, outputs: hidden, inputs: hidden),
                candidateBias: resetAfter ? PackedVector(candidateBias) : nil)
        }

        var projections: Projections {
            var result = Projections(steps: steps, hidden: hidden)
            result.gates = matrix(gateInputs, rows: steps, columns: 2 * hidden)
            result.candidate = matrix(candidateInputs, rows: steps, columns: hidden)
            return result
        }

        /// The state after step t; `keep` gives k from z.
        func step(_ t: Int, _ h: [Double], keep: (Double) -> Double) -> [Double] {
            // Of sums that are scaled by ActivationScale.
            func sigmoid(_ scaled: Double) -> Double { 1 / (1 + exp2(scaled)) }
            func tanh(_ scaled: Double) -> Double { (1 - exp2(scaled)) / (1 + exp2(scaled)) }
            func product(_ weight: [Float], _ row: Int, _ vector: [Double]) -> Double {
                (0..<hidden).reduce(0) { $0 + Double(weight[row * hidden + $1]) * vector[$1] }
            }
            func gate(_ row: Int) -> Double {
                sigmoid(Double(gateInputs[t * 2 * hidden + row]) + product(gates, row, h))
            }
            let r = (0..<hidden).map { gate($0) }
            return (0..<hidden).map { j in
                let x = Double(candidateInputs[t * hidden + j])
                let c =
                    resetAfter
                    ? tanh(x + r[j] * (product(candidate, j, h) + Double(candidateBias[j])))
                    : tanh(x + product(candidate, j, zip(r, h).map { $0 * $1 }))
                let k = keep(gate(hidden + j))
                return k * h[j] + (1 - k) * c
            }
        }
    }

    /// Of the state and the history: every number of vectors and half vectors for which a kernel has a body of its own, on
    /// every instruction set, and one more than the registers hold.
    static let sizes = [
        (1, 1), (2, 2), (3, 4), (4, 2), (7, 2), (8, 5), (9, 2), (12, 12), (16, 3), (17, 6), (20, 2),
        (25, 2), (28, 2), (32, 2), (36, 9), (40, 2), (41, 2), (50, 2), (57, 2), (64, 2), (65, 2),
    ]

    @Test(arguments: Kernels.available.map(\.name), [false, true])
    func `a GRU follows its equations at every step`(name: String, resetAfter: Bool) throws {
        let kernels = try #require(Kernels.available.first { $0.name == name })
        var scratch = KernelScratch()
        for (hidden, steps) in Self.sizes {
            let test = Case(hidden: hidden, steps: steps, rows: 0, resetAfter: resetAfter, seed: 7)
            var states = Matrix(rows: steps, columns: hidden)
            kernels.gru(test.weights, test.projections, into: &states, scratch: &scratch)
            var expected: [Double] = []
            var h = [Double](repeating: 0, count: hidden)
            for t in 0..<steps {
                h = test.step(t, h) { $0 }
                expected += h
            }
            #expect(largestDifference(states.elements(), expected) < 5e-6, "H \(hidden), T \(steps), seed 7")
        }
    }

    @Test(arguments: Kernels.available.map(\.name), [AttentionGate.paper, .reference])
    func `an AUGRU follows its equations for every candidate`(name: String, gate: AttentionGate) throws {
        let kernels = try #require(Kernels.available.first { $0.name == name })
        var scratch = KernelScratch()
        for (hidden, steps) in Self.sizes {
            for rows in [1, 3, 13, 25] {
                let test = Case(hidden: hidden, steps: steps, rows: rows, resetAfter: gate == .paper, seed: 8)
                var states = Matrix(rows: rows, columns: hidden)
                kernels.attentionGRU(
                    test.weights, cell: .gate(gate), test.projections,
                    attention: matrix(test.attention, rows: rows, columns: steps), into: &states,
                    scratch: &scratch)
                var expected: [Double] = []
                for row in 0..<rows {
                    var h = [Double](repeating: 0, count: hidden)
                    for t in 0..<steps {
                        let a = Double(test.attention[row * steps + t])
                        h = test.step(t, h) { z in gate == .paper ? 1 - a * (1 - z) : (1 - a) * z }
                    }
                    expected += h
                }
                let difference = largestDifference(states.elements(), expected)
                #expect(difference < 5e-6, "H \(hidden), T \(steps), N \(rows), seed 8")
            }
        }
    }

    @Test(arguments: Kernels.available.map(\.name), [false, true])
    func `a GRU whose inputs attention scales follows its equations for every candidate`(
        name: String, resetAfter: Bool
    ) throws {
        let kernels = try #require(Kernels.available.first { $0.name == name })
        var scratch = KernelScratch()
        for (hidden, steps) in Self.sizes {
            for rows in [1, 3, 13, 25, 50] {
                let test = Case(hidden: hidden, steps: steps, rows: rows, resetAfter: resetAfter, seed: 11)
                var states = Matrix(rows: rows, columns: hidden)
                kernels.attentionGRU(
                    test.weights, cell: .inputs(test.inputBias), test.projections,
                    attention: matrix(test.attention, rows: rows, columns: steps), into: &states,
                    scratch: &scratch)
                var expected: [Double] = []
                for row in 0..<rows {
                    var h = [Double](repeating: 0, count: hidden)
                    for t in 0..<steps {
                        h = test.scaled(by: test.attention[row * steps + t], at: t).step(t, h) { $0 }
                    }
                    expected += h
                }
                let difference = largestDifference(states.elements(), expected)
                #expect(difference < 5e-6, "H \(hidden), T \(steps), N \(rows), seed 11")
            }
        }
    }

    @Test(arguments: Kernels.available.map(\.name))
    func `a candidate's state has the same bits alone and among others`(name: String) throws {
        let kernels = try #require(Kernels.available.first { $0.name == name })
        var scratch = KernelScratch()
        let test = Case(hidden: 20, steps: 7, rows: 61, resetAfter: false, seed: 9)
        var together = Matrix(rows: 61, columns: 20)
        kernels.attentionGRU(
            test.weights, cell: .gate(.reference), test.projections,
            attention: matrix(test.attention, rows: 61, columns: 7), into: &together, scratch: &scratch)
        let all = together.elements()
        for row in 0..<61 {
            var alone = Matrix(rows: 1, columns: 20)
            let attention = Array(test.attention[row * 7..<(row + 1) * 7])
            kernels.attentionGRU(
                test.weights, cell: .gate(.reference), test.projections,
                attention: matrix(attention, rows: 1, columns: 7), into: &alone, scratch: &scratch)
            #expect(alone.elements() == Array(all[row * 20..<(row + 1) * 20]), "row \(row), seed 9")
        }
    }

    @Test(arguments: Kernels.available.map(\.name))
    func `a NaN stays with its candidate`(name: String) throws {
        let kernels = try #require(Kernels.available.first { $0.name == name })
        var scratch = KernelScratch()
        let test = Case(hidden: 9, steps: 3, rows: 14, resetAfter: true, seed: 13)
        var attention = matrix(test.attention, rows: 14, columns: 3)
        var clean = Matrix(rows: 14, columns: 9)
        kernels.attentionGRU(
            test.weights, cell: .gate(.paper), test.projections, attention: attention, into: &clean,
            scratch: &scratch)
        attention[5, 1] = .nan
        var states = Matrix(rows: 14, columns: 9)
        kernels.attentionGRU(
            test.weights, cell: .gate(.paper), test.projections, attention: attention, into: &states,
            scratch: &scratch)
        for row in 0..<14 {
            for column in 0..<9 {
                let same = states[row, column] == clean[row, column]
                #expect(row == 5 ? states[row, column].isNaN : same, "row \(row), seed 13")
            }
        }
    }

    @Test(arguments: Kernels.available.map(\.name))
    func `without a step the state is zero`(name: String) throws {
        let kernels = try #require(Kernels.available.first { $0.name == name })
        var scratch = KernelScratch()
        let test = Case(hidden: 5, steps: 0, rows: 2, resetAfter: true, seed: 10)
        var states = matrix([Float](repeating: 9, count: 10), rows: 2, columns: 5)
        kernels.attentionGRU(
            test.weights, cell: .gate(.paper), test.projections, attention: Matrix(rows: 2, columns: 0),
            into: &states, scratch: &scratch)
        #expect(states.elements() == [Float](repeating: 0, count: 10))
    }
}
