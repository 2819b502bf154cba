import RandomNumbers
import Foundation
import Histogram
import Testing

@testable import dien_client

@Suite struct LatencyHistogramTests {
    /// Durations as services have them: most near a millisecond, a long tail.
    private static func durations(_ count: Int) -> [UInt64] {
        var random = SplitMix64(seed: 20_261_124)
        return (0..<count).map { _ in UInt64(1e6 * pow(1 - random.unit(), -0.7)) }
    }

    @Test func `percentiles are those of the sorted durations, to three digits`() {
        let durations = Self.durations(30_000)
        var histogram = LatencyHistogram()
        for duration in durations { histogram.record(duration) }
        let sorted = durations.sorted()
        for percentile in [1, 50, 90, 99, 99.9, 99.99] {
            let exact = Double(sorted[Int((percentile * 300 - 1e-6).rounded(.up)) - 1])
            #expect(
                abs(Double(histogram.value(atPercentile: percentile)) / exact - 1) < 1.1e-3, "\(percentile)")
        }
        let mean = durations.reduce(0.0) { $0 + Double($1) } / 30_000
        #expect(abs(histogram.mean / mean - 1) < 1e-9)
        #expect(abs(Double(histogram.maximum) / Double(sorted[29_999]) - 1) < 1.1e-3)
    }

    @Test func `what two workers saw is the same as what one would have seen`() {
        var (whole, left, right) = (LatencyHistogram(), LatencyHistogram(), LatencyHistogram())
        for (index, duration) in Self.durations(1000).enumerated() {
            whole.record(duration)
            if index % 3 == 0 { left.record(duration) } else { right.record(duration) }
        }
        left.add(right)
        #expect(left.count == 1000)
        #expect(LatencySummary(left).values == LatencySummary(whole).values)
        #expect(abs(left.mean - whole.mean) < 1e-3)
    }

    @Test func `the curve rises from the least to 100 percent, and ends at the maximum`() {
        var histogram = LatencyHistogram()
        for duration in Self.durations(10_000) { histogram.record(duration) }
        let curve = histogram.curve()
        #expect(
            zip(curve, curve.dropFirst()).allSatisfy {
                $0.percentile <= $1.percentile && $0.nanoseconds <= $1.nanoseconds
            })
        #expect(curve.last?.percentile == 100)
        #expect(curve.last?.nanoseconds == histogram.maximum)
        #expect(curve.count < 200, "a page holds it")
        for point in curve where point.percentile < 100 {
            // Each point's value is reached by that share of the durations.
            let reached = Double(histogram.value(atPercentile: point.percentile))
            #expect(abs(Double(point.nanoseconds) / reached - 1) < 2e-3)
        }
    }

    @Test func `nothing, and more than an hour, are no trouble`() {
        var histogram = LatencyHistogram()
        #expect(LatencySummary(histogram).values == [0, 0, 0, 0, 0] && histogram.curve().isEmpty)
        histogram.record(.max)
        #expect(abs(Double(histogram.maximum) / 3.6e12 - 1) < 1e-3)
    }
}

@Suite struct LoadTimelineTests {
    @Test func `a long load keeps its counts in a bounded number of intervals`() {
        var timeline = LoadTimeline()
        let minute: UInt64 = 60_000_000_000
        for minutes in 0..<(24 * 60) {
            timeline.started(at: UInt64(minutes) * minute)
            timeline.completed(at: UInt64(minutes) * minute, failed: minutes % 10 == 0)
            timeline.latency(2_000_000, intended: UInt64(minutes) * minute)
        }
        #expect(timeline.intervals.count <= LoadTimeline.capacity)
        #expect(timeline.intervals.count > LoadTimeline.capacity / 3)
        #expect(timeline.intervals.reduce(0) { $0 + $1.started } == 1440)
        #expect(timeline.intervals.reduce(0) { $0 + $1.completed } == 1440)
        #expect(timeline.intervals.reduce(0) { $0 + $1.failed } == 144)
        #expect(timeline.intervals.reduce(0) { $0 + $1.latency.totalCount } == 1440)
    }

    @Test func `timelines of different widths add up at the same times`() {
        var (long, short) = (LoadTimeline(), LoadTimeline())
        for second in 0..<100 { long.started(at: UInt64(second) * 1_000_000_000) }
        for tenth in 0..<30 { short.started(at: UInt64(tenth) * 30_000_000) }
        #expect(long.width > short.width)
        let width = long.width
        short.add(long)
        #expect(short.width == width)
        let perInterval = short.placed(until: 4_000_000_000).map(\.interval.started)
        #expect(perInterval.reduce(0, +) == 34)
        #expect(short.intervals.reduce(0) { $0 + $1.started } == 130)
    }

    @Test func `the last interval is as long as the load was`() {
        var timeline = LoadTimeline(width: 1_000_000_000)
        for second in 0..<4 { timeline.started(at: UInt64(second) * 1_000_000_000) }
        let placed = timeline.placed(until: 2_500_000_000)
        #expect(placed.map(\.second) == [0, 1, 2])
        #expect(placed.map(\.length) == [1, 1, 0.5])
    }
}
