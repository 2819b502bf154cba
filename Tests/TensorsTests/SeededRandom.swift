import Tensors

/// SplitMix64: the same numbers for the same seed, on every machine.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

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
