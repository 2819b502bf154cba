import Measuring
import Foundation
import Training

/// Samples whose rows and labels are drawn with a fixed seed.
struct Samples {
    private let sizes: Sizes
    private var generator = SplitMix64(state: 2)

    init(_ sizes: Sizes) { self.sizes = sizes }

    /// Lengths of histories, lognormal with a mean of 28 after the cut at 100.
    static func lengths(_ count: Int) -> [Int] {
        var generator = SplitMix64(state: 3)
        return (0..<count).map { _ in
            let (u, v) = (
                Double.random(in: .ulpOfOne...1, using: &generator),
                Double.random(in: 0...1, using: &generator)
            )
            let normal = (-2 * log(u)).squareRoot() * cos(2 * .pi * v)
            return min(max(Int(exp(2.98 + 0.95 * normal)), 1), 100)
        }
    }

    /// A batch with histories of these lengths.
    mutating func batch(lengths: [Int]) -> Batch {
        let layout = SequenceLayout(lengths: lengths.sorted(by: >))
        let (samples, steps) = (lengths.count, layout.rows)
        return Batch(
            profile: [rows("user", of: sizes.users, samples)], context: [], targets: items(samples),
            history: items(steps), negatives: items(steps), layout: layout,
            labels: (0..<samples).map { _ in Float.random(in: 0...1, using: &generator) < 0.5 ? 1 : 0 })
    }

    private mutating func items(_ count: Int) -> [FeatureRows] {
        [rows("item", of: sizes.items, count), rows("category", of: sizes.categories, count)]
    }

    private mutating func rows(_ table: String, of rows: Int, _ count: Int) -> FeatureRows {
        FeatureRows(table: table, rows: (0..<count).map { _ in Int.random(in: 0..<rows, using: &generator) })
    }
}
