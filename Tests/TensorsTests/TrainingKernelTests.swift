import Foundation
import TestSupport
import Tensors
import Testing

/// The kernels of training, of every instruction set of this machine, against sums written in double precision; widths
/// around those of the vectors, so that every tail is met.
struct TrainingKernelTests {
    static let names = Kernels.available.map(\.name)
    static let rows = [1, 2, 5, 13, 130]
    static let columns = [1, 7, 8, 9, 16, 17, 36]

    /// A matrix and its elements in double precision.
    private struct Values: ~Copyable {
        var matrix: Matrix
        let doubles: [Double]

        init(_ random: inout SplitMix64, _ rows: Int, _ columns: Int, in range: ClosedRange<Float> = -1...1) {
            let elements = random.floats(rows * columns, in: range)
            matrix = TensorsTests.matrix(elements, rows: rows, columns: columns)
            doubles = elements.map(Double.init)
        }
    }

    /// Calls `body` with each shape.
    private static func shapes(_ body: (Int, Int) -> Void) {
        for rows in Self.rows {
            for columns in Self.columns { body(rows, columns) }
        }
    }

    private func kernels(_ name: String) throws -> Kernels {
        try #require(Kernels.available.first { $0.name == name })
    }

    private func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

    @Test(arguments: names, [1, 2])
    func `a product with the transposed input adds to what is there`(name: String, threads: Int) throws {
        let kernels = try kernels(name).on(threads)
        var random = SplitMix64.printed(#function)
        for inner in [0, 1, 129] {
            Self.shapes { rows, columns in
                let x = Values(&random, inner, rows)
                let g = Values(&random, inner, columns)
                var sums = Values(&random, rows, columns)
                kernels.accumulateTransposed(x.matrix, g.matrix, into: &sums.matrix)
                let expected = (0..<rows * columns).map { index in
                    (0..<inner).reduce(sums.doubles[index]) {
                        $0 + x.doubles[$1 * rows + index / columns]
                            * g.doubles[$1 * columns + index % columns]
                    }
                }
                #expect(
                    largestDifference(sums.matrix.elements(), expected) < 3e-5,
                    "\(rows) x \(inner) x \(columns)")
            }
        }
    }

    @Test(arguments: names)
    func `a product on several threads has the bits of one thread`(name: String) throws {
        let kernels = try kernels(name)
        var random = SplitMix64.printed(#function)
        Self.shapes { rows, columns in
            let x = Values(&random, rows, 37)
            let w = Values(&random, 37, columns)
            let b = Values(&random, 1, columns)
            var alone = Matrix(rows: 0, columns: 0)
            var together = Matrix(rows: 0, columns: 0)
            kernels.dense(x.matrix, w.matrix, bias: b.matrix, into: &alone)
            kernels.on(3).dense(x.matrix, w.matrix, bias: b.matrix, into: &together)
            #expect(alone.elements() == together.elements(), "\(rows) x \(columns)")
            kernels.product(x.matrix, w.matrix, into: &alone)
            kernels.on(3).product(x.matrix, w.matrix, into: &together)
            #expect(alone.elements() == together.elements(), "\(rows) x \(columns)")
        }
    }

    @Test(arguments: names)
    func `elements are copied, added, multiplied and scaled, and no column beyond is written`(name: String)
        throws
    {
        let kernels = try kernels(name)
        var random = SplitMix64.printed(#function)
        Self.shapes { rows, columns in
            let a = Values(&random, rows, columns)
            let b = Values(&random, rows, columns)
            let f = Values(&random, 1, rows)
            func expect(_ label: String, _ change: (inout Matrix) -> Void, _ value: (Int) -> Double) {
                var target = b.matrix.copy()
                change(&target)
                let expected = (0..<rows * columns).map(value)
                #expect(
                    largestDifference(target.elements(), expected) < 1e-6, "\(label) \(rows) x \(columns)")
            }
            let (x, y) = (a.doubles, b.doubles)
            expect("copy", { kernels.copy(a.matrix, into: &$0) }, { x[$0] })
            expect("add", { kernels.add(a.matrix, into: &$0) }, { x[$0] + y[$0] })
            expect("multiply", { kernels.multiply(a.matrix, b.matrix, into: &$0) }, { x[$0] * y[$0] })
            expect(
                "multiplyAdd", { kernels.multiplyAdd(a.matrix, b.matrix, into: &$0) },
                { y[$0] + x[$0] * y[$0] })
            expect(
                "scaleRows", { kernels.scaleRows(a.matrix, by: f.matrix, into: &$0) },
                { f.doubles[$0 / columns] * x[$0] })
            expect(
                "addScaledRows", { kernels.addScaledRows(a.matrix, by: f.matrix, into: &$0) },
                { y[$0] + f.doubles[$0 / columns] * x[$0] })

            var wide = matrix(
                [Float](repeating: 9, count: (rows + 1) * (columns + 5)), rows: rows + 1, columns: columns + 5
            )
            kernels.copy(a.matrix, into: &wide, row: 1, column: 2)
            var part = Matrix(rows: rows, columns: columns)
            kernels.copyPart(of: wide, row: 1, column: 2, into: &part)
            #expect(part.elements() == a.matrix.elements())
            let around = wide.elements().enumerated().filter { index, _ in
                index / (columns + 5) < 1 || !(2..<columns + 2).contains(index % (columns + 5))
            }
            #expect(around.allSatisfy { $0.element == 9 }, "\(rows) x \(columns)")
            kernels.transpose(a.matrix, into: &part)
            #expect(part.elements() == a.matrix.transposed().elements())
        }
    }

    @Test(arguments: names)
    func `sums run along columns and rows`(name: String) throws {
        let kernels = try kernels(name)
        var random = SplitMix64.printed(#function)
        Self.shapes { rows, columns in
            let a = Values(&random, rows, columns)
            let b = Values(&random, rows, columns)
            func sums(_ start: [Double], _ term: (Int) -> Double) -> [Double] {
                (0..<columns).map { j in (0..<rows).reduce(start[j]) { $0 + term($1 * columns + j) } }
            }
            var found = Values(&random, 1, columns)
            kernels.addColumnSums(of: a.matrix, into: &found.matrix)
            var expected = sums(found.doubles) { a.doubles[$0] }
            #expect(largestDifference(found.matrix.elements(), expected) < 2e-5)
            kernels.addColumnDots(a.matrix, b.matrix, into: &found.matrix)
            expected = sums(expected) { a.doubles[$0] * b.doubles[$0] }
            #expect(largestDifference(found.matrix.elements(), expected) < 4e-5)

            var dots = Matrix(rows: 0, columns: 0)
            kernels.rowDots(a.matrix, b.matrix, into: &dots)
            let products = (0..<rows).map { i in
                (0..<columns).reduce(0) { $0 + a.doubles[i * columns + $1] * b.doubles[i * columns + $1] }
            }
            #expect(largestDifference(dots.elements(), products) < 1e-5)
            let weights = Values(&random, 1, columns)
            kernels.scores(a.matrix, weights: weights.matrix, bias: 0.5, into: &dots)
            let scores = (0..<rows).map { i in
                (0..<columns).reduce(0.5) { $0 + a.doubles[i * columns + $1] * weights.doubles[$1] }
            }
            #expect(largestDifference(dots.elements(), scores) < 1e-5)

            var moved = Matrix(rows: 0, columns: 0)
            kernels.affine(a.matrix, scale: weights.matrix, offset: found.matrix, into: &moved)
            let affine = a.doubles.enumerated().map {
                weights.doubles[$0 % columns] * $1 + expected[$0 % columns]
            }
            #expect(largestDifference(moved.elements(), affine) < 4e-5)
            var mean = Matrix(rows: 0, columns: 0)
            var variance = Matrix(rows: 0, columns: 0)
            kernels.moments(a.matrix, mean: &mean, variance: &variance)
            let means = sums([Double](repeating: 0, count: columns)) { a.doubles[$0] / Double(rows) }
            let variances = sums([Double](repeating: 0, count: columns)) {
                pow(a.doubles[$0] - means[$0 % columns], 2) / Double(rows)
            }
            #expect(largestDifference(mean.elements(), means) < 1e-6)
            #expect(largestDifference(variance.elements(), variances) < 1e-6)
        }
    }

    @Test(arguments: names)
    func `activations pass their slopes back`(name: String) throws {
        let kernels = try kernels(name)
        var random = SplitMix64.printed(#function)
        Self.shapes { rows, columns in
            let x = Values(&random, rows, columns)
            let y = Values(&random, rows, columns, in: 0...1)
            var g = Values(&random, rows, columns)
            kernels.sigmoidBackward(&g.matrix, outputs: y.matrix)
            var expected = g.doubles.indices.map { g.doubles[$0] * y.doubles[$0] * (1 - y.doubles[$0]) }
            #expect(largestDifference(g.matrix.elements(), expected) < 1e-6)

            let alpha = Values(&random, 1, columns)
            var toAlpha = Values(&random, 1, columns)
            var dy = Values(&random, rows, columns)
            kernels.preluBackward(
                &dy.matrix, inputs: x.matrix, alpha: alpha.matrix, alphaGradient: &toAlpha.matrix)
            expected = dy.doubles.indices.map {
                x.doubles[$0] > 0 ? dy.doubles[$0] : alpha.doubles[$0 % columns] * dy.doubles[$0]
            }
            #expect(largestDifference(dy.matrix.elements(), expected) < 1e-6)
            let slopes = (0..<columns).map { j in
                stride(from: j, to: rows * columns, by: columns).reduce(toAlpha.doubles[j]) {
                    $0 + (x.doubles[$1] > 0 ? 0 : x.doubles[$1] * dy.doubles[$1])
                }
            }
            #expect(largestDifference(toAlpha.matrix.elements(), slopes) < 2e-5)

            let ds = Values(&random, 1, rows)
            var values = y.matrix.copy()
            var toWeights = Values(&random, 1, columns)
            kernels.scoresBackward(
                ds.matrix, weights: alpha.matrix, values: &values, weightGradient: &toWeights.matrix)
            expected = y.doubles.indices.map {
                ds.doubles[$0 / columns] * alpha.doubles[$0 % columns] * y.doubles[$0] * (1 - y.doubles[$0])
            }
            #expect(largestDifference(values.elements(), expected) < 1e-6)
            let weightSlopes = (0..<columns).map { j in
                (0..<rows).reduce(toWeights.doubles[j]) { $0 + ds.doubles[$1] * y.doubles[$1 * columns + j] }
            }
            #expect(largestDifference(toWeights.matrix.elements(), weightSlopes) < 2e-5)
        }
    }

    @Test(arguments: names, [Float(0), 1])
    func `cross entropy and its slopes, of logits of any size`(name: String, label: Float) throws {
        let kernels = try kernels(name)
        var random = SplitMix64.printed(#function)
        for count in [0, 1, 7, 16, 33, 250] {
            let special: [Float] = [0, -0.0, 1e-8, 30, -30, 80, -80, 3e4, -3e4]
            let drawn = random.floats(count, in: -6...6) + special
            var logits = matrix([7] + drawn + [7], rows: 1, columns: drawn.count + 2)
            let loss = kernels.crossEntropy(&logits, 1..<drawn.count + 1, label: label, factor: 0.25)
            let l = drawn.map(Double.init)
            let expected = l.reduce(0) { $0 + max($1, 0) + log1p(exp(-abs($1))) - Double(label) * $1 }
            #expect(abs(loss - expected) <= 1e-6 * max(1, expected), "\(count)")
            let slopes = [7] + l.map { 0.25 * (sigmoid($0) - Double(label)) } + [7]
            #expect(largestDifference(logits.elements(), slopes) < 1e-6, "\(count)")
        }
        var broken = matrix([1, .nan, 2], rows: 1, columns: 3)
        #expect(kernels.crossEntropy(&broken, 0..<3, label: 1, factor: 1).isNaN)
        #expect(broken[0, 1].isNaN && !broken[0, 0].isNaN && !broken[0, 2].isNaN)
    }
}
