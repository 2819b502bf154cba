import Measuring
import Tensors

/// A matrix that closures can share and kernels can write.
final class Buffer {
    var matrix: Matrix
    /// What the kernel that writes it works in.
    var scratch = KernelScratch()

    init(_ matrix: consuming Matrix) { self.matrix = matrix }
}

/// Input projections of a recurrence, drawn once.
final class ProjectionBuffer {
    let projections: Projections

    init(steps: Int, hidden: Int) {
        var projections = Projections(steps: steps, hidden: hidden)
        projections.gates = .random(rows: steps, columns: 2 * hidden)
        projections.candidate = .random(rows: steps, columns: hidden)
        self.projections = projections
    }
}

extension Array where Element == Float {
    /// Values in -scale ... scale from a generator of fixed seed.
    static func random(_ count: Int, scale: Float = 1) -> [Float] {
        var generator = SplitMix64(state: UInt64(count))
        return (0..<count).map { _ in Float.random(in: -scale...scale, using: &generator) }
    }
}

extension Matrix {
    static func random(rows: Int, columns: Int) -> Matrix {
        var matrix = Matrix(rows: rows, columns: columns)
        let values = [Float].random(rows * columns)
        for row in 0..<rows {
            for column in 0..<columns { matrix[row, column] = values[row * columns + column] }
        }
        return matrix
    }
}

extension PackedMatrix {
    static func random(outputs: Int, inputs: Int) -> PackedMatrix {
        PackedMatrix(.random(outputs * inputs, scale: 0.1), outputs: outputs, inputs: inputs)
    }
}

extension RecurrentWeights {
    /// Of preset reference, the reset gate before the product.
    static func random(_ hidden: Int) -> RecurrentWeights {
        RecurrentWeights(
            gates: .random(outputs: 2 * hidden, inputs: hidden),
            candidate: .random(outputs: hidden, inputs: hidden),
            candidateBias: nil)
    }
}
