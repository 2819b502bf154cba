internal import CKernels

/// Gradients of those rows of a table that a batch touches. A number a row says where its gradient is, written once at
/// first and later for touched rows only: the cost does not grow with the table.
///
/// The rows are dealt to parts. Different parts may be worked on at the same time by different threads, and each of them
/// is given all elements: what a row gets does not depend on how many parts there are.
@safe public final class RowGradients {
    private let slotOfRow: UnsafeMutablePointer<Int32>
    let rows: Int
    let columns: Int
    private let parts: [Part]

    /// One part's rows.
    private final class Part {
        var touched: [Int] = []
        var count = 0
        var slots: [kernel_slot] = []
        var sums: [Float] = []
        var squares = 0.0
    }

    /// No gradient of a table [rows, columns].
    public init(rows: Int, columns: Int, parts: Int) {
        precondition(rows <= Int(Int32.max) && parts > 0, "more rows than numbers for them")
        (self.rows, self.columns) = (rows, columns)
        self.parts = (0..<parts).map { _ in Part() }
        unsafe slotOfRow = .allocate(capacity: rows)
        unsafe slotOfRow.initialize(repeating: -1, count: rows)
    }

    deinit { unsafe slotOfRow.deallocate() }

    /// Forgets the gradients of one part.
    public func clear(part: Int) {
        let part = parts[part]
        unsafe kernel_forget_rows(part.count, part.touched, slotOfRow)
        part.count = 0
    }

    /// Adds row i of the gradient's columns from `column` on to the gradient of row elements[i], where it is of this part.
    public func add(
        _ elements: [Int], _ gradient: borrowing Matrix, column: Int, part index: Int, _ kernels: Kernels
    ) {
        precondition(elements.allSatisfy { $0 >= 0 && $0 < rows }, "outside the table")
        let part = parts[index]
        let before = part.count
        part.touched.grow(to: before + elements.count, 0)
        part.slots.grow(to: elements.count, kernel_slot(element: 0, slot: 0))
        let found = unsafe kernel_touch_rows(
            elements.count, elements, index, parts.count, slotOfRow, &part.count, &part.touched, &part.slots)
        part.sums.grow(to: part.count * columns, 0)
        part.sums.clear(before * columns..<part.count * columns)
        let source = unsafe gradient.part(row: 0, column: column, rows: elements.count, columns: columns)
        unsafe kernels.training.scatter_add(
            found, columns, part.slots, source.constant, &part.sums)
    }

    /// The touched rows, each once, part after part.
    public var touched: [Int] { parts.flatMap { $0.touched[..<$0.count] } }

    /// Their gradients, `columns` floats a row.
    public var gradients: [Float] { parts.flatMap { $0.sums[..<($0.count * columns)] } }

    /// Σ g² over all touched rows, in double precision; each part's by the thread whose caches have it.
    public func sumOfSquares(_ kernels: Kernels) -> Double {
        Workers.perform(parts.count) { index in
            let (part, sums) = (parts[index], parts[index].sums)
            part.squares = kernels.sumOfSquares(sums.span.extracting(..<(part.count * columns)))
        }
        return parts.reduce(0) { $0 + $1.squares }
    }

    /// Calls `body` with each part's rows and gradients, on as many threads as there are parts.
    func forEachPart(_ body: (UnsafeBufferPointer<Int64>, kernel_rows) -> Void) {
        Workers.perform(parts.count) { index in
            let part = parts[index]
            guard part.count > 0 else { return }
            unsafe part.touched.withUnsafeBufferPointer { touched in
                unsafe touched.withMemoryRebound(to: Int64.self) { touched in
                    unsafe part.sums.withUnsafeBufferPointer { sums in
                        let rows = unsafe UnsafeBufferPointer(rebasing: touched[..<part.count])
                        unsafe body(rows, kernel_rows(values: sums.baseAddress!, stride: columns))
                    }
                }
            }
        }
    }
}

extension Array {
    /// At least `count` elements, those that are new being `element`: never fewer, so that memory is made once.
    fileprivate mutating func grow(to count: Int, _ element: Element) {
        guard count > self.count else { return }
        append(contentsOf: repeatElement(element, count: count + count / 4 - self.count))
    }
}

extension [Float] {
    fileprivate mutating func clear(_ range: Range<Int>) {
        unsafe withUnsafeMutableBufferPointer { unsafe $0[range].update(repeating: 0) }
    }
}
