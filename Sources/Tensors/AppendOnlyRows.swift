internal import CKernels
internal import Synchronization

/// Rows that are appended and never change after that: readers hold the first so many while one appends the next.
///
/// A user's history grows by a step at its end. What was computed of the steps before is shared by the states before and
/// after, and one step costs one row.
@safe public final class AppendOnlyRows: @unchecked Sendable {
    // @unchecked because a row is written by the one that claimed it, and read by those it was then handed to.
    let base: UnsafeMutablePointer<Float>
    /// Columns of each row.
    public let columns: Int
    /// Rows that there is memory for.
    public let capacity: Int
    let stride: Int
    private let claimed = Atomic<Int>(0)

    /// Room for `capacity` rows, none of which is there yet.
    public init(columns: Int, capacity: Int) {
        precondition(columns >= 0 && capacity >= 0, "a matrix has no negative extent")
        self.columns = columns
        self.capacity = capacity
        stride = kernel_stride(columns)
        unsafe base = allocateZeroed(floats: capacity * stride)
    }

    deinit { unsafe base.deallocate() }

    /// Bytes of its memory.
    public var bytes: Int { capacity * stride * MemoryLayout<Float>.size }

    /// Takes the `more` rows after the first `count` for the caller alone; false where somebody else has gone on from
    /// there, or there is no room.
    public func claim(after count: Int, _ more: Int) -> Bool {
        precondition(count >= 0 && more >= 0, "a matrix has no negative extent")
        guard count + more <= capacity else { return false }
        return claimed.compareExchange(
            expected: count, desired: count + more, ordering: .acquiringAndReleasing
        ).exchanged
    }

    /// Some rows: written by the one who claimed them, and read by those to whom they are handed after that.
    public func rows(_ range: Range<Int>) -> Matrix {
        precondition(
            range.lowerBound >= 0 && range.upperBound <= claimed.load(ordering: .acquiring),
            "rows that nobody claimed")
        return Matrix(viewing: self, from: range.lowerBound, rows: range.count)
    }
}

/// How many matrices the calling thread has allocated so far: what shows that a loop allocates none.
public enum MatrixAllocations {
    /// Those of the calling thread.
    public static var ofThisThread: Int { kernel_allocations() }
}
