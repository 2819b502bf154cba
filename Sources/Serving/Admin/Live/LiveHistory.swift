/// What was counted in the last two minutes, a sample a second: rates are differences of samples. A value without a clock.
struct LiveHistory: Sendable, Equatable {
    /// Counts at a moment of the monotonic clock.
    struct Sample: Sendable, Equatable {
        let nanoseconds: UInt64
        let counts: [LiveCounts.Subject: LiveCounts]
    }

    /// What happened in some time.
    struct Change: Sendable, Equatable {
        let seconds: Double
        let counts: LiveCounts

        /// So many a second.
        func rate(_ count: (LiveCounts) -> UInt64) -> Double { Double(count(counts)) / seconds }
    }

    /// How many samples are kept.
    static let capacity = 121
    /// The most subjects of a sample.
    static let subjectLimit = 64

    private(set) var samples: [Sample] = []

    /// Adds the counts of a moment; of the subjects in this order, no more than the limit.
    mutating func add(_ counts: [(LiveCounts.Subject, LiveCounts)], at nanoseconds: UInt64) {
        if let last = samples.last, nanoseconds <= last.nanoseconds { return }
        if samples.count == Self.capacity { samples.removeFirst() }
        samples.append(
            Sample(
                nanoseconds: nanoseconds,
                counts: Dictionary(counts.prefix(Self.subjectLimit), uniquingKeysWith: { first, _ in first }))
        )
    }

    /// What happened to a subject in about so many of the last seconds; nil before the second sample.
    func change(of subject: LiveCounts.Subject, seconds: Double) -> Change? {
        guard samples.count > 1, let last = samples.last, let now = last.counts[subject] else { return nil }
        let begin = last.nanoseconds - min(last.nanoseconds, UInt64(seconds * 1e9))
        let first = samples.dropLast().last { $0.nanoseconds <= begin } ?? samples[0]
        return Change(
            seconds: Double(last.nanoseconds - first.nanoseconds) / 1e9,
            counts: now.since(first.counts[subject]))
    }

    /// Requests a second between neighbouring samples, with how many seconds ago that was, the oldest first.
    func requestRates(of subject: LiveCounts.Subject) -> [(secondsAgo: Double, rate: Double)] {
        guard let last = samples.last else { return [] }
        return zip(samples, samples.dropFirst()).compactMap { earlier, later in
            guard let now = later.counts[subject] else { return nil }
            let change = Change(
                seconds: Double(later.nanoseconds - earlier.nanoseconds) / 1e9,
                counts: now.since(earlier.counts[subject]))
            return (Double(last.nanoseconds - later.nanoseconds) / 1e9, change.rate(\.requests))
        }
    }
}
