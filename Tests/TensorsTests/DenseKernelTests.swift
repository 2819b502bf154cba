import Tensors
import TestSupport
import Testing

/// The dense kernel of every instruction set of this machine, against the sum written in double precision.
struct DenseKernelTests {
    static let rows = [0, 1, 2, 3, 4, 5, 11, 12, 13, 25]
    static let columns = [1, 7, 8, 9, 15, 16, 17, 33, 108]
    static let inner = [0, 1, 2, 36]

    @Test(arguments: Kernels.available.map(\.name))
    func `a product of any shape is the sum over its inner index`(name: String) throws {
        let kernels = try #require(Kernels.available.first { $0.name == name })
        var random = SplitMix64(seed: 1)
        for rows in Self.rows {
            for columns in Self.columns {
                for inner in Self.inner {
                    let x = random.floats(rows * inner)
                    let w = random.floats(columns * inner)
                    let b = random.floats(columns)
                    var output = Matrix(rows: rows, columns: columns)
                    kernels.dense(
                        matrix(x, rows: rows, columns: inner),
                        PackedMatrix(w, outputs: columns, inputs: inner), bias: PackedVector(b), into: &output
                    )
                    let expected = Self.product(x, w, b, rows: rows, columns: columns, inner: inner)
                    let difference = largestDifference(output.elements(), expected)
                    #expect(difference < 1e-5, "\(rows) x \(inner) x \(columns), seed 1")
                }
            }
        }
    }

    @Test(arguments: Kernels.available.map(\.name))
    func `a row has the same bits alone and among others`(name: String) throws {
        let kernels = try #require(Kernels.available.first { $0.name == name })
        var random = SplitMix64(seed: 2)
        let (rows, columns, inner) = (29, 83, 41)
        let x = random.floats(rows * inner)
        let weights = PackedMatrix(random.floats(columns * inner), outputs: columns, inputs: inner)
        let bias = PackedVector(random.floats(columns))
        var together = Matrix(rows: rows, columns: columns)
        kernels.dense(matrix(x, rows: rows, columns: inner), weights, bias: bias, into: &together)
        let all = together.elements()
        for row in 0..<rows {
            var alone = Matrix(rows: 1, columns: columns)
            let input = Array(x[row * inner..<(row + 1) * inner])
            kernels.dense(matrix(input, rows: 1, columns: inner), weights, bias: bias, into: &alone)
            #expect(alone.elements() == Array(all[row * columns..<(row + 1) * columns]), "row \(row), seed 2")
        }
    }

    @Test(arguments: Kernels.available.map(\.name))
    func `accumulating adds to what is there`(name: String) throws {
        let kernels = try #require(Kernels.available.first { $0.name == name })
        var random = SplitMix64(seed: 3)
        let (rows, columns, inner) = (5, 19, 6)
        let x = random.floats(rows * inner)
        let w = random.floats(inner * columns)
        let start = random.floats(rows * columns)
        var output = matrix(start, rows: rows, columns: columns)
        kernels.accumulate(
            matrix(x, rows: rows, columns: inner), matrix(w, rows: inner, columns: columns), into: &output)
        let expected = (0..<rows * columns).map { index in
            (0..<inner).reduce(Double(start[index])) {
                $0 + Double(x[index / columns * inner + $1]) * Double(w[$1 * columns + index % columns])
            }
        }
        #expect(largestDifference(output.elements(), expected) < 1e-5, "seed 3")
    }

    @Test(arguments: Kernels.available.map(\.name))
    func `infinities and NaN stay in their own row`(name: String) throws {
        let kernels = try #require(Kernels.available.first { $0.name == name })
        let x: [Float] = [1, 2, .nan, 2, .infinity, 2, -0.0, 0]
        var output = Matrix(rows: 4, columns: 3)
        kernels.dense(
            matrix(x, rows: 4, columns: 2), PackedMatrix([1, 1, 1, 1, 1, 1], outputs: 3, inputs: 2),
            bias: PackedVector([0, 0, 0]), into: &output)
        let found = output.elements()
        #expect(found[0..<3] == [3, 3, 3])
        #expect(found[3].isNaN && found[4].isNaN && found[5].isNaN)
        #expect(found[6..<9] == [.infinity, .infinity, .infinity])
        #expect(found[9..<12] == [0, 0, 0])
    }

    static func product(
        _ x: [Float], _ w: [Float], _ b: [Float], rows: Int, columns: Int, inner: Int
    ) -> [Double] {
        var result: [Double] = []
        for row in 0..<rows {
            for column in 0..<columns {
                var sum = Double(b[column])
                for k in 0..<inner { sum += Double(x[row * inner + k]) * Double(w[column * inner + k]) }
                result.append(sum)
            }
        }
        return result
    }
}
