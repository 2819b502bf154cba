import Histogram

/// What happened when, in a bounded number of intervals: when a load outlasts them, neighbours are joined.
struct LoadTimeline: Sendable {
    /// Calls of one interval.
    struct Interval: Sendable {
        /// Calls that were sent in it.
        var started: UInt64 = 0
        /// Answers that came in it.
        var completed: UInt64 = 0
        /// Those of them that were failures.
        var failed: UInt64 = 0
        /// Latencies of calls that were meant to start in it.
        var latency = Interval.empty

        // Two digits: 2 % of a KiB a bucket, and it is for a curve.
        static let empty = Histogram<UInt32>(
            lowestDiscernibleValue: 1000, highestTrackableValue: LatencyHistogram.highest,
            numberOfSignificantValueDigits: .two)

        mutating func add(_ other: Interval) {
            started += other.started
            completed += other.completed
            failed += other.failed
            latency.add(other.latency)
        }
    }

    /// Nanoseconds of an interval.
    private(set) var width: UInt64
    private(set) var intervals: [Interval] = []
    static let capacity = 128

    init(width: UInt64 = 50_000_000) { self.width = width }

    mutating func started(at time: UInt64) { intervals[index(of: time)].started += 1 }

    mutating func latency(_ latency: UInt64, intended: UInt64) {
        intervals[index(of: intended)].latency.record(min(latency, LatencyHistogram.highest))
    }

    mutating func completed(at time: UInt64, failed: Bool) {
        let index = index(of: time)
        intervals[index].completed += 1
        if failed { intervals[index].failed += 1 }
    }

    /// Takes in what another worker saw in the same time.
    mutating func add(_ other: LoadTimeline) {
        var other = other
        while other.width < width { other.coarsen() }
        while width < other.width { coarsen() }
        for (index, interval) in other.intervals.enumerated() {
            if index == intervals.count { intervals.append(interval) } else { intervals[index].add(interval) }
        }
    }

    /// The intervals that begin before `end`, each with the second of its begin and its length in seconds: the last may
    /// be cut short by the end.
    func placed(until end: UInt64) -> [(second: Double, length: Double, interval: Interval)] {
        intervals.enumerated().filter { UInt64($0.offset) * width < end }.map {
            let begin = UInt64($0.offset) * width
            return (
                second: Double(begin) / 1e9, length: Double(min(width, end - begin)) / 1e9,
                interval: $0.element
            )
        }
    }

    private mutating func index(of time: UInt64) -> Int {
        while time / width >= Self.capacity { coarsen() }
        let index = Int(time / width)
        while intervals.count <= index { intervals.append(Interval()) }
        return index
    }

    /// Joins neighbours, so that each interval is twice as long.
    mutating func coarsen() {
        width *= 2
        intervals = stride(from: 0, to: intervals.count, by: 2).map { index in
            var interval = intervals[index]
            if index + 1 < intervals.count { interval.add(intervals[index + 1]) }
            return interval
        }
    }
}

extension LoadTimeline.Interval {
    /// A percentile of the latencies; nil where no call was meant to start.
    func milliseconds(_ percentile: Double) -> Double? {
        latency.totalCount == 0 ? nil : Double(latency.valueAtPercentile(percentile)) / 1e6
    }
}
