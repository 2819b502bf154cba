import Tensors
import TestSupport
import TestSupport

extension SplitMix64 {
    /// Floats of a range.
    mutating func floats(_ count: Int, in range: ClosedRange<Float> = -1...1) -> [Float] {
        (0..<count).map { _ in Float.random(in: range, using: &self) }
    }
}

/// A matrix of these elements, row by row.
func matrix(_ elements: [Float], rows: Int, columns: Int) -> Matrix {
    precondition(elements.count == rows * columns)
    var result = Matrix(rows: rows, columns: columns)
    for row in 0..<rows {
        for column in 0..<columns { result[row, column] = elements[row * columns + column] }
    }
    return result
}

/// The largest difference of two lists, infinite where one has a NaN that the other has not.
func largestDifference(_ found: [Float], _ expected: [Double]) -> Double {
    precondition(found.count == expected.count)
    return zip(found, expected).reduce(0) { largest, pair in
        let difference = abs(Double(pair.0) - pair.1)
        return difference.isNaN ? .infinity : max(largest, difference)
    }
}
