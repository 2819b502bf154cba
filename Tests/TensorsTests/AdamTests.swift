import Tensors
import TestSupport
import Testing

/// Adam as the paper's algorithm 1 states it, in double precision, one value at a time.
private struct TextbookAdam {
    var values: [Double]
    var first: [Double]
    var second: [Double]
    var steps = 0
    let decay: Double

    init(_ values: [Float], decay: Double) {
        self.values = values.map(Double.init)
        first = values.map { _ in 0 }
        second = first
        self.decay = decay
    }

    mutating func step(_ gradients: [Double], rate: Double) {
        steps += 1
        var (one, two) = (1.0, 1.0)
        for _ in 0..<steps { (one, two) = (one * 0.9, two * 0.999) }
        for i in values.indices {
            first[i] = 0.9 * first[i] + 0.1 * gradients[i]
            second[i] = 0.999 * second[i] + 0.001 * gradients[i] * gradients[i]
            let mean = first[i] / (1 - one)
            let root = (second[i] / (1 - two)).squareRoot()
            values[i] = (1 - rate * decay) * values[i] - rate * mean / (root + 1e-8)
        }
    }
}

/// Rows of a table that are moved when they are next read, against every row stepped at every step.
struct AdamTests {
    static let kernels = Kernels.available.map(\.name)
    private static let rows = 40
    private static let columns = 18
    private static let parts = 2

    private struct Run: ~Copyable {
        var value: Matrix
        var moments = LazyMoments(rows: AdamTests.rows, columns: AdamTests.columns)
        var timeline: AdamTimeline
        var textbook: TextbookAdam

        init(decay: Double, _ generator: inout SplitMix64) {
            let values = generator.floats(AdamTests.rows * AdamTests.columns, in: -0.05...0.05)
            value = matrix(values, rows: AdamTests.rows, columns: AdamTests.columns)
            timeline = AdamTimeline(beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: decay)
            textbook = TextbookAdam(values, decay: decay)
        }
    }

    /// A few rows with gradients; low rows often, the last ones never.
    private static func draw(_ generator: inout SplitMix64) -> (rows: [Int], gradients: [Float]) {
        let touched = (0..<rows - 4).filter { row in
            Int.random(in: 0..<(1 + row * row / 2), using: &generator) == 0
        }
        let scales: [Float] = [1e-7, 1e-4, 1]
        let scale = scales[Int.random(in: 0..<3, using: &generator)]
        let gradients = touched.flatMap { _ in
            (0..<columns).map { _ in Float.random(in: -1...1, using: &generator) * scale }
        }
        return (touched.shuffled(using: &generator), gradients)
    }

    @Test(arguments: kernels, [0, 0.05])
    func `a thousand steps of rows on demand are those of a dense Adam in doubles`(
        name: String, decay: Double
    ) throws {
        let kernels = try Kernels.select(#require(InstructionSet(rawValue: name)))
        var generator = SplitMix64.printed("rows on demand")
        var run = Run(decay: decay, &generator)
        let sums = RowGradients(rows: Self.rows, columns: Self.columns, parts: Self.parts)
        for step in 0..<1000 {
            let (rows, gradients) = Self.draw(&generator)
            // A warm-up, a plateau, and halvings.
            let rate = Float(1e-3) * (step < 50 ? Float(step + 1) / 50 : 1) / (step < 600 ? 1 : 2)
            kernels.adamReplay(&run.value, &run.moments, rows: rows + rows, run.timeline)
            run.timeline.advance(learningRate: rate)
            for part in 0..<Self.parts {
                sums.clear(part: part)
                sums.add(
                    rows, matrix(gradients, rows: rows.count, columns: Self.columns), column: 0, part: part,
                    kernels)
            }
            kernels.adam(&run.value, &run.moments, sums, scale: 1, run.timeline)
            var dense = [Double](repeating: 0, count: Self.rows * Self.columns)
            for (slot, row) in rows.enumerated() {
                for j in 0..<Self.columns {
                    dense[row * Self.columns + j] = Double(gradients[slot * Self.columns + j])
                }
            }
            run.textbook.step(dense, rate: Double(rate))
        }
        kernels.adamReplay(&run.value, &run.moments, rows: Array(0..<Self.rows), run.timeline)
        #expect(largestDifference(run.value.elements(), run.textbook.values) <= 1e-6)
    }
}
