internal import CKernels
internal import Synchronization

/// Rows that are appended and never change after that: readers hold the first so many while one appends the next. A row is
/// one of each of several matrices, which stand one behind the other in one piece of memory.
///
/// A user's history grows by a step at its end. What was computed of the steps before is shared by the states before and
/// after, and one step costs one row.
@safe public final class AppendOnlyRows: @unchecked Sendable {
    // @unchecked because a row is written by the one that claimed it, and read by those it was then handed to.
    private let base: UnsafeMutablePointer<Float>
    private let layout: RowLayout
    /// Rows that there is memory for.
    public let capacity: Int
    private let claimed = Atomic<Int>(0)

    /// Room for `capacity` rows, none of which is there yet.
    public init(_ layout: RowLayout, capacity: Int) {
        precondition(capacity >= 0, "a matrix has no negative extent")
        self.layout = layout
        self.capacity = capacity
        unsafe base = allocateZeroed(floats: capacity * layout.rowFloats)
    }

    deinit { unsafe base.deallocate() }

    /// Bytes of its memory.
    public var bytes: Int { capacity * layout.rowFloats * MemoryLayout<Float>.size }

    /// Takes the `more` rows after the first `count` for the caller alone; false where somebody else has gone on from
    /// there, or there is no room.
    public func claim(after count: Int, _ more: Int) -> Bool {
        precondition(count >= 0 && more >= 0, "a matrix has no negative extent")
        guard count + more <= capacity else { return false }
        return claimed.compareExchange(
            expected: count, desired: count + more, ordering: .acquiringAndReleasing
        ).exchanged
    }

    /// Some rows of a matrix of the layout: written by the one who claimed them, and read by those to whom they are handed
    /// after that.
    public func rows(_ range: Range<Int>, of matrix: Int) -> Matrix {
        precondition(
            range.lowerBound >= 0 && range.upperBound <= claimed.load(ordering: .acquiring),
            "rows that nobody claimed")
        let columns = layout.columns[matrix]
        let first = capacity * layout.starts[matrix] + range.lowerBound * kernel_stride(columns)
        return unsafe Matrix(viewing: self, base + first, rows: range.count, columns: columns)
    }
}

/// The columns of matrices whose rows are appended together.
public struct RowLayout: Sendable {
    let columns: [Int]
    /// Floats of a row of those before each matrix, and of all.
    let starts: [Int]

    /// A matrix for each of `columns`; one without columns takes no memory.
    public init(columns: [Int]) {
        precondition(columns.allSatisfy { $0 >= 0 }, "a matrix has no negative extent")
        self.columns = columns
        starts = columns.reduce(into: [0]) { $0.append($0[$0.count - 1] + kernel_stride($1)) }
    }

    /// Floats of a row of all of them.
    var rowFloats: Int { starts[columns.count] }
}

/// How many matrices the calling thread has allocated so far: what shows that a loop allocates none.
public enum MatrixAllocations {
    /// Those of the calling thread.
    public static var ofThisThread: Int { kernel_allocations() }
}
