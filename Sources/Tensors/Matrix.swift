internal import CKernels
internal import Files

/// A matrix of floats that a kernel may write: zero at first, uniquely owned, each row 64-byte aligned.
///
/// A row's padding, the floats between its columns and its stride, belongs to the kernels and is never seen here.
///
/// A matrix that is a view shares the rows of an ``AppendOnlyRows``, and keeps its extents.
@safe public struct Matrix: ~Copyable, @unchecked Sendable {
    // @unchecked because whoever may write it owns it alone.
    private(set) var base: UnsafeMutablePointer<Float>
    /// Rows; may be zero.
    public private(set) var rows: Int
    /// Columns; may be zero.
    public private(set) var columns: Int
    /// Floats from the start of one row to the start of the next.
    private(set) var stride: Int
    /// Floats that there is memory for.
    private var capacity: Int
    /// Whose memory it is; nil: its own.
    private let owner: AppendOnlyRows?

    /// A matrix [rows, columns] of zeros.
    public init(rows: Int, columns: Int) {
        precondition(rows >= 0 && columns >= 0, "a matrix has no negative extent")
        self.rows = rows
        self.columns = columns
        stride = kernel_stride(columns)
        capacity = rows * stride
        owner = nil
        unsafe base = allocateZeroed(floats: capacity)
    }

    /// A view of rows of `owner` from `first` on, which it keeps.
    init(viewing owner: AppendOnlyRows, _ first: UnsafeMutablePointer<Float>, rows: Int, columns: Int) {
        self.rows = rows
        self.columns = columns
        stride = kernel_stride(columns)
        capacity = 0
        self.owner = owner
        unsafe base = first
    }

    /// Other extents in the same memory, or in new memory where that is too small. The elements mean nothing until they
    /// are written.
    public mutating func resize(rows: Int, columns: Int) {
        precondition(rows >= 0 && columns >= 0, "a matrix has no negative extent")
        if rows == self.rows && columns == self.columns { return }
        precondition(owner == nil, "a view keeps its extents")
        let floats = rows * kernel_stride(columns)
        if floats > capacity {
            // A little more than asked for: the batches of a training differ in their steps.
            capacity = floats + floats / 8
            unsafe base.deallocate()
            unsafe base = allocateZeroed(floats: capacity)
        }
        (self.rows, self.columns, stride) = (rows, columns, kernel_stride(columns))
    }

    /// All elements zero.
    public mutating func clear() { unsafe base.update(repeating: 0, count: rows * stride) }

    /// Zeros of these extents, in the same memory where it suffices.
    public mutating func clear(rows: Int, columns: Int) {
        resize(rows: rows, columns: columns)
        clear()
    }

    deinit { if owner == nil { unsafe base.deallocate() } }

    /// Bytes of memory held: none of a view.
    public var bytes: Int { capacity * MemoryLayout<Float>.stride }

    /// One element.
    public subscript(row: Int, column: Int) -> Float {
        get {
            precondition(row >= 0 && row < rows && column >= 0 && column < columns, "outside the matrix")
            return unsafe base[row * stride + column]
        }
        set {
            precondition(row >= 0 && row < rows && column >= 0 && column < columns, "outside the matrix")
            unsafe base[row * stride + column] = newValue
        }
    }

    /// The columns of one row.
    @_lifetime(borrow self)
    public func row(_ row: Int) -> Span<Float> {
        precondition(row >= 0 && row < rows, "outside the matrix")
        let span = unsafe Span(_unsafeStart: UnsafePointer(base + row * stride), count: columns)
        return unsafe _overrideLifetime(span, borrowing: self)
    }

    /// The columns of one row, to be written.
    @_lifetime(&self)
    public mutating func mutableRow(_ row: Int) -> MutableSpan<Float> {
        precondition(row >= 0 && row < rows, "outside the matrix")
        let span = unsafe MutableSpan(_unsafeStart: base + row * stride, count: columns)
        return unsafe _overrideLifetime(span, mutating: &self)
    }

    /// Copies a row of another matrix into a row of this one, from `column` on.
    public mutating func copyRow(_ sourceRow: Int, of source: borrowing Matrix, toRow row: Int, column: Int) {
        precondition(
            sourceRow >= 0 && sourceRow < source.rows && row >= 0 && row < rows, "outside the matrix")
        precondition(column >= 0 && column + source.columns <= columns, "outside the matrix")
        let target = unsafe base + row * stride + column
        unsafe target.update(from: source.base + sourceRow * source.stride, count: source.columns)
    }

    /// The matrix [columns, rows] of the same elements.
    public func transposed() -> Matrix {
        let result = Matrix(rows: columns, columns: rows)
        for r in 0..<rows {
            for c in 0..<columns {
                unsafe result.base[c * result.stride + r] = base[r * stride + c]
            }
        }
        return result
    }

    /// A matrix of its own with the same elements.
    public func copy() -> Matrix {
        let result = Matrix(rows: rows, columns: columns)
        unsafe result.base.update(from: base, count: rows * stride)
        return result
    }

    /// All elements, row by row, without padding.
    public func elements() -> [Float] {
        unsafe [Float](unsafeUninitializedCapacity: rows * columns) { buffer, count in
            for r in 0..<rows {
                for c in 0..<columns { unsafe buffer[r * columns + c] = unsafe base[r * stride + c] }
            }
            count = rows * columns
        }
    }
}

extension Matrix {
    var constantRows: kernel_rows { unsafe kernel_rows(values: base, stride: stride) }
    var mutableRows: kernel_mutable_rows { unsafe kernel_mutable_rows(values: base, stride: stride) }

    /// Rows from one on, which may be the end.
    func constantRows(from row: Int) -> kernel_rows {
        precondition(row >= 0 && row <= rows, "outside the matrix")
        return unsafe kernel_rows(values: base + row * stride, stride: stride)
    }

    func mutableRows(from row: Int) -> kernel_mutable_rows {
        precondition(row >= 0 && row <= rows, "outside the matrix")
        return unsafe kernel_mutable_rows(values: base + row * stride, stride: stride)
    }
}

/// Zeroed memory for kernels; one vector longer than asked for, so that a matrix without rows has an address too.
func allocateZeroed(floats: Int) -> UnsafeMutablePointer<Float> {
    let count = floats + Int(KERNEL_ROW_FLOATS)
    let bytes = count * MemoryLayout<Float>.stride
    // The rows of a table are met at random: in small pages each one misses the processor's table of pages as well.
    let isHuge = bytes >= 4 * HugePages.bytes
    let memory = UnsafeMutableRawPointer.allocate(
        byteCount: bytes, alignment: isHuge ? HugePages.bytes : 64)
    if isHuge { unsafe HugePages.prefer(UnsafeMutableRawBufferPointer(start: memory, count: bytes)) }
    kernel_count_allocation()
    let values = unsafe memory.bindMemory(to: Float.self, capacity: count)
    unsafe values.initialize(repeating: 0, count: count)
    return unsafe values
}
