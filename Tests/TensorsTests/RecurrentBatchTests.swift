import Tensors
import TestSupport
import Testing

/// Sequences of different lengths, starts and inputs in one call have the bits that each has alone.
struct RecurrentBatchTests {
    typealias Case = RecurrentKernelTests.Case

    @Test(arguments: Kernels.available.map(\.name), [false, true])
    func `a GRU of several sequences gives each the bits it has alone`(
        name: String, resetAfter: Bool
    ) throws {
        let kernels = try #require(Kernels.available.first { $0.name == name })
        var scratch = KernelScratch()
        for (hidden, _) in RecurrentKernelTests.sizes {
            let lengths = [11, 11, 9, 6, 6, 6, 5, 4, 3, 3] + [Int](repeating: 2, count: 30) + [1, 0]
            let rows = lengths.reduce(0, +)
            let test = Case(hidden: hidden, steps: rows, rows: 0, resetAfter: resetAfter, seed: 21)
            var first = 0
            let sequences = lengths.map { length in
                defer { first += length }
                return GRUSequence(inputs: first..<first + length, states: first)
            }
            var together = Matrix(rows: rows, columns: hidden)
            kernels.gru(test.weights, test.projections, sequences, into: &together, scratch: &scratch)
            var alone = Matrix(rows: rows, columns: hidden)
            for sequence in sequences {
                kernels.gru(test.weights, test.projections, [sequence], into: &alone, scratch: &scratch)
            }
            #expect(together.elements() == alone.elements(), "H \(hidden), seed 21")
        }
    }

    @Test(arguments: Kernels.available.map(\.name), [false, true])
    func `a GRU goes on from a state as if it had never stopped`(name: String, resetAfter: Bool) throws {
        let kernels = try #require(Kernels.available.first { $0.name == name })
        var scratch = KernelScratch()
        let test = Case(hidden: 36, steps: 12, rows: 0, resetAfter: resetAfter, seed: 22)
        var whole = Matrix(rows: 12, columns: 36)
        kernels.gru(test.weights, test.projections, into: &whole, scratch: &scratch)
        for cut in 1..<12 {
            var parts = Matrix(rows: 12, columns: 36)
            let before = GRUSequence(inputs: 0..<cut, states: 0)
            let after = GRUSequence(inputs: cut..<12, initial: cut - 1, states: cut)
            for part in [before, after] {
                kernels.gru(test.weights, test.projections, [part], into: &parts, scratch: &scratch)
            }
            #expect(parts.elements() == whole.elements(), "cut at \(cut), seed 22")
        }
    }

    /// What an attention GRU is led by, of the weights of a case.
    enum Led: CaseIterable {
        case paper, reference, attention, inputs

        func cell(_ test: Case) -> AttentionCell {
            switch self {
            case .paper: .gate(.paper)
            case .reference: .gate(.reference)
            case .attention: .gate(.attention)
            case .inputs: .inputs(test.inputBias)
            }
        }
    }

    @Test(arguments: Kernels.available.map(\.name), Led.allCases)
    func `candidates of different users share an AUGRU and keep their bits`(
        name: String, led: Led
    ) throws {
        let kernels = try #require(Kernels.available.first { $0.name == name })
        var scratch = KernelScratch()
        for hidden in [5, 16, 36] {
            let users = [(9, 31), (9, 2), (6, 7), (4, 1), (1, 18), (0, 3)]
            let cases = users.enumerated().map { index, user in
                Case(
                    hidden: hidden, steps: user.0, rows: user.1, resetAfter: led == .paper,
                    seed: UInt64(30 + index))
            }
            let (weights, cell) = (cases[0].weights, led.cell(cases[0]))
            var sequences: [AttentionSequence] = []
            var attention = Matrix(rows: users.reduce(0) { $0 + $1.1 }, columns: 9)
            var expected: [Float] = []
            for test in cases {
                let projections = SharedProjections(test.projections)
                for row in 0..<test.rows {
                    for t in 0..<test.steps {
                        attention[sequences.count, t] = test.attention[row * test.steps + t]
                    }
                    sequences.append(AttentionSequence(projections, steps: test.steps))
                }
                var states = Matrix(rows: test.rows, columns: hidden)
                kernels.attentionGRU(
                    weights, cell: cell, test.projections,
                    attention: matrix(test.attention, rows: test.rows, columns: test.steps), into: &states,
                    scratch: &scratch)
                expected += states.elements()
            }
            var together = Matrix(rows: sequences.count, columns: hidden)
            kernels.attentionGRU(
                weights, cell: cell, sequences, attention: attention, into: &together, scratch: &scratch)
            #expect(together.elements() == expected, "H \(hidden), seeds 30 to 35")
        }
    }
}
