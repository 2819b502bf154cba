internal import Tensors

extension Matrix {
    /// self += other.
    mutating func add(_ other: borrowing Matrix) {
        precondition(rows == other.rows && columns == other.columns, "matrices of one shape")
        for i in 0..<rows {
            let source = other.row(i)
            var target = mutableRow(i)
            for j in 0..<target.count { target[j] += source[j] }
        }
    }

    /// self ∘= other.
    mutating func multiply(by other: borrowing Matrix) {
        precondition(rows == other.rows && columns == other.columns, "matrices of one shape")
        for i in 0..<rows {
            let source = other.row(i)
            var target = mutableRow(i)
            for j in 0..<target.count { target[j] *= source[j] }
        }
    }

    /// self [1, columns] += the sum of the rows of other.
    mutating func addColumnSums(of other: borrowing Matrix) {
        precondition(rows == 1 && columns == other.columns, "one sum a column")
        for i in 0..<other.rows {
            let source = other.row(i)
            var target = mutableRow(0)
            for j in 0..<target.count { target[j] += source[j] }
        }
    }

    /// The columns from `start` on, `count` of them.
    func columns(from start: Int, count: Int) -> Matrix {
        var part = Matrix(rows: rows, columns: count)
        for i in 0..<rows {
            let source = row(i)
            var target = part.mutableRow(i)
            for j in 0..<count { target[j] = source[start + j] }
        }
        return part
    }
}
