import Tensors
import Testing

struct MatrixTests {
    @Test func `a new matrix is zero and keeps what is written`() {
        var values = Matrix(rows: 3, columns: 5)
        let fresh = values.elements()
        #expect(fresh == [Float](repeating: 0, count: 15))
        values[2, 4] = 7
        var row = values.mutableRow(1)
        row[0] = 3
        let written = values.elements()
        #expect(written[14] == 7 && written[5] == 3)
    }

    @Test func `transposing twice gives the matrix back`() {
        let values = matrix((0..<35).map { Float($0) }, rows: 5, columns: 7)
        let turned = values.transposed()
        #expect(turned.rows == 7 && turned.columns == 5)
        #expect(turned[6, 4] == values[4, 6])
        let back = turned.transposed().elements()
        #expect(back == values.elements())
    }

    @Test func `rows are copied between matrices`() {
        let source = matrix([1, 2, 3, 4], rows: 2, columns: 2)
        var target = Matrix(rows: 2, columns: 3)
        target.copyRow(1, of: source, toRow: 0, column: 1)
        #expect(target.elements() == [0, 3, 4, 0, 0, 0])
    }

    @Test func `a matrix may have no rows or no columns`() {
        #expect(Matrix(rows: 0, columns: 5).elements().isEmpty)
        #expect(Matrix(rows: 5, columns: 0).transposed().rows == 0)
    }

    @Test func `scalar kernels are always available and automatic is the last of the available`() throws {
        #expect(Kernels.available.first?.name == "scalar")
        #expect(Kernels.available.last?.name == Kernels.automatic.name)
        #expect(try Kernels.select(.automatic).name == Kernels.automatic.name)
        #expect(try Kernels.select(.scalar).name == "scalar")
    }
}
