internal import CKernels

/// The two moments of a table's rows, as each row's last gradient left them, and how far each row has been moved.
public struct LazyMoments: ~Copyable {
    /// Decaying mean of the gradients.
    public var first: Matrix
    /// Decaying mean of their squares.
    public var second: Matrix
    /// The step of each row's last gradient; 0: none yet.
    public var touched: [Int32]
    /// The step up to which each row has been moved.
    public var current: [Int32]

    /// Those of a table [rows, columns] before the first step.
    public init(rows: Int, columns: Int) {
        first = Matrix(rows: rows, columns: columns)
        second = Matrix(rows: rows, columns: columns)
        touched = [Int32](repeating: 0, count: rows)
        current = touched
    }
}

/// Adam (arXiv 1412.6980) in the arithmetic of torch.optim.Adam, and with decoupled weight decay in that of AdamW.
extension Kernels {
    /// The latest step of `timeline` for a dense parameter; gradients are multiplied by `scale` first.
    public func adam(
        _ value: inout Matrix, first: inout Matrix, second: inout Matrix, gradient: borrowing Matrix,
        scale: Float, decaying: Bool, _ timeline: AdamTimeline
    ) {
        precondition(
            [first.rows, second.rows, gradient.rows].allSatisfy { $0 == value.rows }
                && [first.columns, second.columns, gradient.columns].allSatisfy { $0 == value.columns },
            "matrices of one shape")
        precondition(timeline.count > 0, "no step was begun")
        var step = timeline.step(scale: scale, decaying: decaying)
        unsafe table.pointee.adam(
            &step, value.rows, value.columns, value.mutableRows, first.mutableRows, second.mutableRows,
            gradient.constantRows)
    }

    /// Moves rows of a table, which may occur more than once, through the steps that they have missed.
    ///
    /// The result of a row is that of a dense Adam which stepped it with gradient 0, whenever and in however many parts
    /// it is called (bit for bit without weight decay), and on however many threads.
    public func adamReplay(
        _ value: inout Matrix, _ moments: inout LazyMoments, rows: [Int], threads: Int = 1,
        _ timeline: AdamTimeline
    ) {
        guard !rows.isEmpty else { return }
        let count = value.rows
        precondition(rows.allSatisfy { $0 >= 0 && $0 < count }, "outside the table")
        unsafe withTable(&value, &moments) { lazy in
            unsafe rows.withUnsafeBufferPointer { rows in
                unsafe rows.withMemoryRebound(to: Int64.self) { rows in
                    unsafe timeline.withSteps { steps in
                        // A row is of one thread, however often it occurs.
                        let threads = Self.threads(threads, rows: rows.count)
                        Workers.perform(threads) { thread in
                            unsafe table.pointee.adam_replay(
                                steps, lazy, rows.count, rows.baseAddress!, thread, threads, timeline.count)
                        }
                    }
                }
            }
        }
    }

    /// The latest step of `timeline` for the rows of a table that have gradients and have been moved up to the step
    /// before. The parts of `gradients` are stepped on threads of their own, those that summed them.
    public func adam(
        _ value: inout Matrix, _ moments: inout LazyMoments, _ gradients: RowGradients, scale: Float,
        _ timeline: AdamTimeline
    ) {
        precondition(
            gradients.rows == value.rows && gradients.columns == value.columns, "gradients of the table")
        let before = Int32(timeline.count - 1)
        let step = timeline.step(scale: scale, decaying: true)
        unsafe withTable(&value, &moments) { lazy in
            unsafe withUnsafePointer(to: step) { step in
                unsafe timeline.withSteps { steps in
                    unsafe gradients.forEachPart { rows, values in
                        let current = unsafe lazy.pointee.current
                        let areMoved = unsafe rows.allSatisfy { unsafe current[Int($0)] == before }
                        precondition(areMoved, "rows are moved before they are stepped")
                        unsafe table.pointee.adam_rows(
                            steps, step, lazy, rows.count, rows.baseAddress!, values, timeline.count)
                    }
                }
            }
        }
    }

    /// Few rows are done before other threads have begun; but each may have missed many steps.
    private static func threads(_ count: Int, rows: Int) -> Int { rows < 64 ? 1 : count }

    private func withTable(
        _ value: inout Matrix, _ moments: inout LazyMoments,
        _ body: (UnsafeMutablePointer<kernel_adam_table>) -> Void
    ) {
        precondition(
            moments.first.rows == value.rows && moments.first.columns == value.columns
                && moments.second.rows == value.rows && moments.second.columns == value.columns
                && moments.touched.count == value.rows && moments.current.count == value.rows,
            "moments of one shape")
        unsafe moments.touched.withUnsafeMutableBufferPointer { touched in
            unsafe moments.current.withUnsafeMutableBufferPointer { current in
                guard let firstTouched = touched.baseAddress,
                    let firstCurrent = current.baseAddress
                else { return }
                var lazy = unsafe kernel_adam_table(
                    columns: value.columns, stride: value.stride, values: value.base,
                    first: moments.first.base, second: moments.second.base, touched: firstTouched,
                    current: firstCurrent)
                unsafe body(&lazy)
            }
        }
    }

    /// Σ x² of all elements, in double precision.
    public func sumOfSquares(_ values: borrowing Matrix) -> Double {
        (0..<values.rows).reduce(0) { sum, row in sum + sumOfSquares(values.row(row)) }
    }

    /// Σ x², in double precision.
    public func sumOfSquares(_ values: [Float]) -> Double { sumOfSquares(values.span) }

    func sumOfSquares(_ values: Span<Float>) -> Double {
        guard !values.isEmpty else { return 0 }
        return unsafe values.withUnsafeBufferPointer {
            unsafe kernel_sum_of_squares($0.baseAddress!, $0.count)
        }
    }
}
