import Foundation
import Synchronization
import TestSupport
import Tensors
import Testing

/// What runs over packed sequences, of every instruction set of this machine, against the equations row by row.
struct PackedKernelTests {
    static let names = Kernels.available.map(\.name)
    /// Lengths of the sequences, the longest first; with more of them than a vector has lanes.
    static let lengths: [[Int]] = [
        [], [0], [1], [5, 3, 3, 1, 0], (0..<19).map { 21 - $0 }, [Int](repeating: 2, count: 40) + [1],
    ]
    static let columns = [1, 8, 15, 16, 17, 36]

    /// A packing and the sequence and step of each of its rows.
    private struct Rows {
        let packing: Packing
        let sequences: [Int]
        let count: Int

        init(_ lengths: [Int]) {
            let counts = (0..<(lengths.first ?? 0)).map { step in lengths.count { $0 > step } }
            packing = Packing(counts: counts)
            sequences = counts.flatMap { 0..<$0 }
            count = lengths.count
        }

        /// The rows of one sequence.
        func rows(_ b: Int) -> [Int] { sequences.indices.filter { sequences[$0] == b } }
    }

    private func each(_ name: String, _ body: (Kernels, Rows, Int, inout SplitMix64) -> Void) throws {
        let kernels = try #require(Kernels.available.first { $0.name == name })
        var random = SplitMix64.printed(name)
        for lengths in Self.lengths {
            for columns in Self.columns { body(kernels, Rows(lengths), columns, &random) }
        }
    }

    @Test(arguments: names)
    func `the softmax of each sequence, and its way back`(name: String) throws {
        try each(name) { kernels, rows, _, random in
            let scores = random.floats(rows.packing.rows, in: -9...9)
            let gradient = random.floats(rows.packing.rows)
            var weights = matrix(scores, rows: 1, columns: scores.count)
            kernels.packedSoftmax(&weights, rows.packing)
            var back = matrix(gradient, rows: 1, columns: scores.count)
            kernels.packedSoftmaxBackward(&back, weights: weights, rows.packing)
            var (a, ds) = (
                [Double](repeating: 0, count: scores.count), [Double](repeating: 0, count: scores.count)
            )
            for b in 0..<rows.count {
                let mine = rows.rows(b)
                let total = mine.reduce(0) { $0 + exp(Double(scores[$1])) }
                for m in mine { a[m] = exp(Double(scores[m])) / total }
                let mean = mine.reduce(0) { $0 + a[$1] * Double(gradient[$1]) }
                for m in mine { ds[m] = a[m] * (Double(gradient[m]) - mean) }
            }
            #expect(largestDifference(weights.elements(), a) < 1e-6)
            #expect(largestDifference(back.elements(), ds) < 2e-6)
        }
    }

    @Test(arguments: names)
    func `a score that is not a number stays with its sequence`(name: String) throws {
        let kernels = try #require(Kernels.available.first { $0.name == name })
        let rows = Rows([3, 2, 2, 1])
        var scores = matrix([0, 1, 2, 3, 1, .nan, 2, 0], rows: 1, columns: 8)
        kernels.packedSoftmax(&scores, rows.packing)
        for m in 0..<8 { #expect(scores[0, m].isNaN == (rows.sequences[m] == 1), "row \(m)") }
    }

    /// Elements of B sequences' rows and of M packed ones, and one weight a packed row.
    private struct Elements {
        let rows: Rows
        let columns: Int
        let s, p, q, w: [Float]

        init(_ rows: Rows, _ columns: Int, _ random: inout SplitMix64) {
            (self.rows, self.columns) = (rows, columns)
            s = random.floats(rows.count * columns)
            p = random.floats(rows.packing.rows * columns)
            q = random.floats(rows.packing.rows * columns)
            w = random.floats(rows.packing.rows)
        }

        var sequences: Matrix { matrix(s, rows: rows.count, columns: columns) }
        func packed(_ values: [Float]) -> Matrix { matrix(values, rows: rows.packing.rows, columns: columns) }
        /// [1, M], or [0, 0] where every weight is 1.
        func weights(_ given: Bool) -> Matrix {
            given ? matrix(w, rows: 1, columns: w.count) : Matrix(rows: 0, columns: 0)
        }
        func weight(_ given: Bool, _ m: Int) -> Double { given ? Double(w[m]) : 1 }
        func at(_ values: [Float], _ row: Int, _ column: Int) -> Double {
            Double(values[row * columns + column])
        }
        /// Of a packed row, its sequence and a column.
        func perRow(_ value: (Int, Int, Int) -> Double) -> [Double] {
            w.indices.flatMap { m in (0..<columns).map { value(m, rows.sequences[m], $0) } }
        }
        /// s + the sum of the terms of a sequence's rows.
        func perSequence(_ term: (Int, Int) -> Double) -> [Double] {
            (0..<rows.count).flatMap { b in
                (0..<columns).map { j in rows.rows(b).reduce(at(s, b, j)) { $0 + term($1, j) } }
            }
        }
    }

    @Test(arguments: names)
    func `dots and products of a sequence's row and its packed rows`(name: String) throws {
        try each(name) { kernels, rows, columns, random in
            let e = Elements(rows, columns, &random)
            let packed = e.packed(e.p)
            var found = Matrix(rows: 0, columns: 0)
            kernels.packedDots(e.sequences, packed, into: &found, rows.packing)
            let dots = e.w.indices.map { m in
                (0..<columns).reduce(0) { $0 + e.at(e.s, rows.sequences[m], $1) * e.at(e.p, m, $1) }
            }
            #expect(largestDifference(found.elements(), dots) < 1e-5)
            kernels.packedProducts(e.sequences, packed, into: &found, rows.packing)
            let products = e.perRow { m, b, j in e.at(e.s, b, j) * e.at(e.p, m, j) }
            #expect(largestDifference(found.elements(), products) < 1e-6)
            var sums = e.sequences
            kernels.addPackedProducts(packed, e.packed(e.q), into: &sums, rows.packing)
            let expected = e.perSequence { m, j in e.at(e.p, m, j) * e.at(e.q, m, j) }
            #expect(largestDifference(sums.elements(), expected) < 1e-5)
        }
    }

    @Test(arguments: names, [false, true])
    func `packed rows are summed into their sequence's row, which is spread over them`(
        name: String, weighted: Bool
    ) throws {
        try each(name) { kernels, rows, columns, random in
            let e = Elements(rows, columns, &random)
            var sums = e.sequences
            kernels.addPackedSum(of: e.packed(e.p), weights: e.weights(weighted), into: &sums, rows.packing)
            var expected = e.perSequence { m, j in e.weight(weighted, m) * e.at(e.p, m, j) }
            #expect(largestDifference(sums.elements(), expected) < 1e-5)
            var spread = e.packed(e.p)
            kernels.addPackedSpread(
                of: e.sequences, weights: e.weights(weighted), into: &spread, rows.packing)
            expected = e.perRow { m, b, j in e.at(e.p, m, j) + e.weight(weighted, m) * e.at(e.s, b, j) }
            #expect(largestDifference(spread.elements(), expected) < 1e-6)
        }
    }

    @Test(arguments: names)
    func `the gradient of the state before goes to the row of the step before`(name: String) throws {
        try each(name) { kernels, rows, columns, random in
            let m = rows.packing.rows
            let (p, q) = (random.floats(m * columns), random.floats(m * columns))
            var earlier = matrix(p, rows: m, columns: columns)
            kernels.addPackedShift(of: matrix(q, rows: m, columns: columns), into: &earlier, rows.packing)
            var expected = p.map(Double.init)
            for b in 0..<rows.count {
                let mine = rows.rows(b)
                for (before, after) in zip(mine, mine.dropFirst()) {
                    for j in 0..<columns { expected[before * columns + j] += Double(q[after * columns + j]) }
                }
            }
            #expect(largestDifference(earlier.elements(), expected) < 1e-6)
        }
    }

    @Test(arguments: names, 1...3)
    func `gradients of rows add up, whatever the parts, and the second batch forgets the first`(
        name: String, parts: Int
    ) throws {
        let kernels = try #require(Kernels.available.first { $0.name == name })
        var random = SplitMix64.printed(#function)
        let table = 100
        for columns in Self.columns {
            let sums = RowGradients(rows: table, columns: columns, parts: parts)
            for count in [0, 1, 40, 300] {
                let used = (0..<count).map { _ in Int.random(in: 0..<table, using: &random) }
                let values = random.floats(count * (columns + 3))
                let gradient = matrix(values, rows: count, columns: columns + 3)
                for part in 0..<parts {
                    sums.clear(part: part)
                    sums.add(used, gradient, column: 2, part: part, kernels)
                }
                let (touched, gradients) = (sums.touched, sums.gradients)
                let squares = gradients.reduce(0) { $0 + Double($1) * Double($1) }
                #expect(abs(sums.sumOfSquares(kernels) - squares) <= 1e-9 * (1 + squares))
                #expect(touched.count == Set(touched).count && Set(touched) == Set(used))
                let expected = touched.flatMap { row in
                    (0..<columns).map { j in
                        used.indices.filter { used[$0] == row }.reduce(0) {
                            $0 + Double(values[$1 * (columns + 3) + 2 + j])
                        }
                    }
                }
                #expect(
                    largestDifference(gradients, expected) < 2e-6, "\(columns) columns, \(count) elements")
            }
        }
    }

    @Test func `every number is called once, also from inside a call and from several threads`() async {
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    for count in 0..<40 {
                        let calls = (0..<count).map { _ in Counter() }
                        Workers.perform(count) { index in
                            calls[index].add()
                            Workers.perform(2) { _ in calls[index].add() }
                        }
                        #expect(calls.allSatisfy { $0.count == 3 }, "\(count)")
                    }
                }
            }
        }
    }
}

/// Calls of a number.
private final class Counter: Sendable {
    private let value = Atomic(0)
    var count: Int { value.load(ordering: .sequentiallyConsistent) }

    func add() { value.add(1, ordering: .sequentiallyConsistent) }
}
