/// What changed between two F32 tensors of one shape, and the figures of each.
public struct TensorComparison: Sendable, Equatable {
    /// Figures of one tensor's elements, computed in double precision.
    public struct Statistics: Sendable, Equatable {
        /// Their mean; 0 without elements.
        public var mean = 0.0
        /// Root of their mean square.
        public var rootMeanSquare = 0.0
        /// The smallest and the largest; 0 without elements.
        public var smallest: Float = 0, largest: Float = 0
    }

    /// Of the first and the second tensor.
    public let before: Statistics, after: Statistics
    /// Rows, that is outermost extents; 1 for a single number.
    public let rows: Int
    /// Rows of which at least one bit differs.
    public let changedRows: Int
    /// The largest |difference| of an element; NaN where one of them is.
    public let largestChange: Float

    /// Compares two tensors; they must have the same shape.
    public init(_ before: MappedTensor<Float>, _ after: MappedTensor<Float>) {
        precondition(before.shape == after.shape, "tensors of two shapes")
        let rows = before.shape.first ?? 1
        let width = rows == 0 ? 0 : before.count / rows
        var sums = (Sums(), Sums())
        var changedRows = 0
        var largest: Float = 0
        for row in 0..<rows {
            var isChanged = false
            for element in row * width..<(row + 1) * width {
                let (old, new) = (before[element], after[element])
                sums.0.add(old)
                sums.1.add(new)
                if old.bitPattern != new.bitPattern {
                    isChanged = true
                    let change = abs(new - old)
                    if !(change <= largest) { largest = change }
                }
            }
            if isChanged { changedRows += 1 }
        }
        self.before = sums.0.statistics(before.count)
        self.after = sums.1.statistics(after.count)
        self.rows = rows
        self.changedRows = changedRows
        largestChange = largest
    }

    private struct Sums {
        var sum = 0.0
        var squares = 0.0
        var smallest = Float.infinity
        var largest = -Float.infinity

        mutating func add(_ value: Float) {
            sum += Double(value)
            squares += Double(value) * Double(value)
            smallest = min(smallest, value)
            largest = max(largest, value)
        }

        func statistics(_ count: Int) -> Statistics {
            guard count > 0 else { return Statistics() }
            return Statistics(
                mean: sum / Double(count), rootMeanSquare: (squares / Double(count)).squareRoot(),
                smallest: smallest, largest: largest)
        }
    }
}
