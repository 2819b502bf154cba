import Synchronization

/// How long something took, counted in buckets. An observation is two relaxed additions, with no lock.
final class DurationHistogram: Sendable {
    /// The most bounds that a histogram can have.
    private static let capacity = 16

    /// Upper bounds in nanoseconds for what a request takes: 100 µs to 2.5 s.
    static let requestBounds: [UInt64] = [
        100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 25_000_000, 50_000_000,
        100_000_000, 250_000_000, 500_000_000, 1_000_000_000, 2_500_000_000,
    ]
    /// Upper bounds in nanoseconds for what loading a version takes: 10 ms to 5 min.
    static let loadBounds: [UInt64] = [
        10_000_000, 25_000_000, 50_000_000, 100_000_000, 250_000_000, 500_000_000, 1_000_000_000,
        2_500_000_000, 10_000_000_000, 60_000_000_000, 300_000_000_000,
    ]

    /// What was observed until a moment.
    struct Counts: Sendable, Equatable {
        /// Ascending, in nanoseconds; a bucket holds what is at most its bound.
        let bounds: [UInt64]
        /// Not cumulative; the last holds what is beyond every bound.
        let buckets: [UInt64]
        let sumNanoseconds: UInt64
    }

    private let bounds: [UInt64]
    private let buckets = InlineArray<17, Atomic<UInt64>> { _ in Atomic(0) }
    private let sum = Atomic<UInt64>(0)

    /// - Precondition: at most 16 bounds, ascending.
    init(bounds: [UInt64] = DurationHistogram.requestBounds) {
        precondition(bounds.count <= Self.capacity, "\(bounds.count) bounds, at most \(Self.capacity)")
        self.bounds = bounds
    }

    func observe(_ duration: Duration) {
        let parts = duration.components
        let nanoseconds = UInt64(
            max(0, parts.seconds * 1_000_000_000 + parts.attoseconds / 1_000_000_000))
        var index = 0
        while index < bounds.count, nanoseconds > bounds[index] { index += 1 }
        buckets[index].add(1, ordering: .relaxed)
        sum.add(nanoseconds, ordering: .relaxed)
    }

    var counts: Counts {
        Counts(
            bounds: bounds,
            buckets: (0...bounds.count).map { buckets[$0].load(ordering: .relaxed) },
            sumNanoseconds: sum.load(ordering: .relaxed))
    }
}
