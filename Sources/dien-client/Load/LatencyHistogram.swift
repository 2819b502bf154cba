import Histogram

/// Durations in nanoseconds to three digits, of any number of calls in the same memory.
struct LatencyHistogram: Sendable {
    private var histogram = Histogram<UInt64>(
        lowestDiscernibleValue: 1000, highestTrackableValue: highest, numberOfSignificantValueDigits: .three)
    // The histogram's mean is of its buckets' middles; the sum is exact.
    private var sum = 0.0

    /// An hour; what takes longer counts as that.
    static let highest: UInt64 = 3_600_000_000_000

    mutating func record(_ nanoseconds: UInt64) {
        histogram.record(min(nanoseconds, Self.highest))
        sum += Double(nanoseconds)
    }

    mutating func add(_ other: LatencyHistogram) {
        histogram.add(other.histogram)
        sum += other.sum
    }

    var count: UInt64 { histogram.totalCount }
    var mean: Double { count == 0 ? 0 : sum / Double(count) }
    var maximum: UInt64 { histogram.maxRecorded }

    /// The duration that `percentile` percent of the calls do not exceed.
    func value(atPercentile percentile: Double) -> UInt64 {
        count == 0 ? 0 : histogram.valueAtPercentile(percentile)
    }

    /// The distribution as a curve, finer towards its end: each point halves in so many steps what is left above it.
    func curve(stepsPerHalving: Int = 8) -> [(percentile: Double, nanoseconds: UInt64)] {
        guard count > 0 else { return [] }
        return histogram.percentiles(ticksPerHalfDistance: stepsPerHalving).map {
            (percentile: $0.percentile, nanoseconds: min($0.value, maximum))
        }
    }
}
