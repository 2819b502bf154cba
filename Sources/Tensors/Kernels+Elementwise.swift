internal import CKernels

extension Kernels {
    /// target[rows from `row`, columns from `column`] = source.
    public func copy(_ source: borrowing Matrix, into target: inout Matrix, row: Int = 0, column: Int = 0) {
        let part = unsafe target.part(row: row, column: column, rows: source.rows, columns: source.columns)
        unsafe training.copy(source.rows, source.columns, source.constantRows, part)
    }

    /// target = source[rows from `row`, columns from `column`], in the extents that target has.
    public func copyPart(
        of source: borrowing Matrix, row: Int = 0, column: Int = 0, into target: inout Matrix
    ) {
        let part = unsafe source.part(row: row, column: column, rows: target.rows, columns: target.columns)
        unsafe training.copy(target.rows, target.columns, part.constant, target.mutableRows)
    }

    /// target[rows from `row`, columns from `column`] += source.
    public func add(_ source: borrowing Matrix, into target: inout Matrix, row: Int = 0, column: Int = 0) {
        let part = unsafe target.part(row: row, column: column, rows: source.rows, columns: source.columns)
        unsafe training.add(source.rows, source.columns, source.constantRows, part)
    }

    /// target += source[rows from `row`, columns from `column`], in the extents that target has.
    public func addPart(of source: borrowing Matrix, row: Int = 0, column: Int = 0, into target: inout Matrix)
    {
        let part = unsafe source.part(row: row, column: column, rows: target.rows, columns: target.columns)
        unsafe training.add(target.rows, target.columns, part.constant, target.mutableRows)
    }

    /// product = a ∘ b.
    public func multiply(_ a: borrowing Matrix, _ b: borrowing Matrix, into product: inout Matrix) {
        precondition(a.hasShape(of: b), "matrices of one shape")
        product.resize(rows: a.rows, columns: a.columns)
        unsafe training.multiply(a.rows, a.columns, a.constantRows, b.constantRows, product.mutableRows)
    }

    /// sums += a ∘ b.
    public func multiplyAdd(_ a: borrowing Matrix, _ b: borrowing Matrix, into sums: inout Matrix) {
        precondition(a.hasShape(of: b) && a.hasShape(of: sums), "matrices of one shape")
        unsafe training.multiply_add(a.rows, a.columns, a.constantRows, b.constantRows, sums.mutableRows)
    }

    /// target row i = factors[0, i] · source row i.
    public func scaleRows(_ source: borrowing Matrix, by factors: borrowing Matrix, into target: inout Matrix)
    {
        precondition(factors.isVector(of: source.rows), "one factor a row")
        target.resize(rows: source.rows, columns: source.columns)
        unsafe training.scale_rows(
            source.rows, source.columns, factors.base, source.constantRows, target.mutableRows)
    }

    /// target row i += factors[0, i] · source row i.
    public func addScaledRows(
        _ source: borrowing Matrix, by factors: borrowing Matrix, into target: inout Matrix
    ) {
        precondition(factors.isVector(of: source.rows) && source.hasShape(of: target), "one factor a row")
        unsafe training.scale_rows_add(
            source.rows, source.columns, factors.base, source.constantRows, target.mutableRows)
    }

    /// sums [1, columns] += the rows of source.
    public func addColumnSums(of source: borrowing Matrix, into sums: inout Matrix) {
        precondition(sums.isVector(of: source.columns), "one sum a column")
        unsafe training.column_sums(source.rows, source.columns, source.constantRows, sums.base)
    }

    /// sums [1, columns] += the rows of a ∘ b.
    public func addColumnDots(_ a: borrowing Matrix, _ b: borrowing Matrix, into sums: inout Matrix) {
        precondition(a.hasShape(of: b) && sums.isVector(of: a.columns), "one sum a column")
        unsafe training.column_dots(a.rows, a.columns, a.constantRows, b.constantRows, sums.base)
    }

    /// dots [1, rows]: <a_i, b_i>.
    public func rowDots(_ a: borrowing Matrix, _ b: borrowing Matrix, into dots: inout Matrix) {
        precondition(a.hasShape(of: b), "matrices of one shape")
        dots.resize(rows: 1, columns: a.rows)
        unsafe training.row_dots(a.rows, a.columns, a.constantRows, b.constantRows, dots.base)
    }

    /// target = scale ∘ source + offset, channel by channel; scale and offset [1, columns].
    public func affine(
        _ source: borrowing Matrix, scale: borrowing Matrix, offset: borrowing Matrix,
        into target: inout Matrix
    ) {
        precondition(
            scale.isVector(of: source.columns) && offset.isVector(of: source.columns), "one a channel")
        target.resize(rows: source.rows, columns: source.columns)
        unsafe training.affine(
            source.rows, source.columns, scale.base, offset.base, source.constantRows, target.mutableRows)
    }
}

extension Matrix {
    /// The rows and columns of a part, checked.
    func part(row: Int, column: Int, rows: Int, columns: Int) -> kernel_mutable_rows {
        precondition(row >= 0 && rows >= 0 && row + rows <= self.rows, "outside the matrix")
        precondition(column >= 0 && columns >= 0 && column + columns <= self.columns, "outside the matrix")
        return unsafe kernel_mutable_rows(values: base + row * stride + column, stride: stride)
    }
}

extension kernel_mutable_rows {
    var constant: kernel_rows { unsafe kernel_rows(values: values, stride: stride) }
}
