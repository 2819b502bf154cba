/// Which samples make up which batch of an epoch: every sample once, in an order that the seed and the epoch decide.
///
/// The samples are shuffled; every so many batches' worth of them, a window, is sorted by length of history and cut
/// into batches of near lengths; then the batches of the whole epoch are shuffled. A window of one batch is a plain
/// shuffle, a larger one makes lengths more equal within a batch.
public struct BatchPlan: Sendable, Equatable {
    /// Indices of samples: those with the longest history first.
    public let batches: [[Int]]

    /// A plan for samples with histories of these lengths.
    ///
    /// Sizes of batches differ by one at most and are `batchSize` or a little less: a small rest at the end would be a
    /// batch whose statistics (Dice) mean little.
    /// - Precondition: `batchSize` and `window` are positive.
    public init(lengths: [Int], batchSize: Int, window: Int, seed: UInt64, epoch: Int) {
        precondition(batchSize > 0 && window > 0, "a batch has a sample, a window a batch")
        var generator = SeededGenerator(seed: seed, .order, epoch)
        var order = Array(lengths.indices)
        order.shuffle(using: &generator)
        let count = (order.count + batchSize - 1) / batchSize
        func start(_ batch: Int) -> Int { batch * order.count / max(count, 1) }
        var batches: [[Int]] = []
        for first in stride(from: 0, to: count, by: window) {
            let last = min(first + window, count)
            let begin = start(first)
            let sorted = Self.longestFirst(Array(order[begin..<start(last)]), lengths)
            for batch in first..<last {
                batches.append(Array(sorted[start(batch) - begin..<start(batch + 1) - begin]))
            }
        }
        batches.shuffle(using: &generator)
        self.batches = batches
    }

    /// Batches of all samples for an evaluation: by length alone, so that a batch's lengths are as near as they can be.
    public init(evaluating lengths: [Int], batchSize: Int) {
        precondition(batchSize > 0, "a batch has a sample")
        let order = Self.longestFirst(Array(lengths.indices), lengths)
        batches = stride(from: 0, to: order.count, by: batchSize).map {
            Array(order[$0..<min($0 + batchSize, order.count)])
        }
    }

    /// A stable sort.
    private static func longestFirst(_ samples: [Int], _ lengths: [Int]) -> [Int] {
        samples.enumerated().sorted { one, other in
            let lengths = (lengths[one.element], lengths[other.element])
            return lengths.0 == lengths.1 ? one.offset < other.offset : lengths.0 > lengths.1
        }.map(\.element)
    }
}
