/// The figures of a distribution of durations, in milliseconds.
struct LatencySummary: Equatable {
    let count: UInt64
    let mean, maximum: Double
    /// In the order of ``percentiles``.
    let values: [Double]

    static let percentiles = [50, 90, 99, 99.9, 99.99]
    static let names = ["p50", "p90", "p99", "p99.9", "p99.99"]

    init(_ histogram: LatencyHistogram) {
        count = histogram.count
        mean = histogram.mean / 1e6
        maximum = Double(histogram.maximum) / 1e6
        values = Self.percentiles.map { Double(histogram.value(atPercentile: $0)) / 1e6 }
    }

    var median: Double { values[0] }
    var p99: Double { values[2] }
}
