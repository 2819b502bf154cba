import Foundation
import Testing

@testable import dien_client

@Suite struct ArrivalScheduleTests {
    /// The first `count` arrivals, in seconds.
    private static func arrivals(_ schedule: ArrivalSchedule, _ count: Int) -> [Double] {
        var schedule = schedule
        return (0..<count).map { _ in
            defer { schedule.advance() }
            return Double(schedule.upcoming) / 1e9
        }
    }

    /// The largest distance of the gaps' distribution from 1 - exp(-rate x).
    private static func distance(_ arrivals: [Double], rate: Double) -> Double {
        let gaps = zip([0] + arrivals, arrivals).map { $1 - $0 }.sorted()
        let count = Double(gaps.count)
        return gaps.enumerated().map { index, gap in
            let expected = 1 - exp(-rate * gap)
            return max(abs(Double(index) / count - expected), abs(Double(index + 1) / count - expected))
        }.max() ?? 1
    }

    @Test func `even arrivals do not drift, also where the distance is no whole number of nanoseconds`() {
        var schedule = ArrivalSchedule(rate: 3000, spacing: .even)
        #expect(schedule.upcoming == 0)
        for _ in 0..<3_000_000 { schedule.advance() }
        #expect(schedule.upcoming == 1_000_000_000_000)
    }

    @Test func `the shares of even arrivals interleave to the whole`() {
        let whole = Self.arrivals(ArrivalSchedule(rate: 1000, spacing: .even), 300)
        let shares = (0..<3).flatMap {
            Self.arrivals(ArrivalSchedule(rate: 1000, spacing: .even, share: $0, of: 3), 100)
        }
        #expect(shares.sorted() == whole)
    }

    @Test(arguments: [1, 2, 20_261_124] as [UInt64])
    func `the gaps of Poisson arrivals have the mean, variance and distribution of exponential ones`(
        seed: UInt64
    ) {
        let count = 100_000
        let arrivals = Self.arrivals(ArrivalSchedule(rate: 1000, spacing: .poisson(seed: seed)), count)
        let gaps = zip([0] + arrivals, arrivals).map { ($1 - $0) * 1000 }
        let mean = gaps.reduce(0, +) / Double(count)
        let variance = gaps.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count - 1)
        // Four standard errors: those of the mean and of the variance of Exp(1) are sqrt(1/n) and sqrt(8/n).
        #expect(abs(mean - 1) < 4 * (1 / Double(count)).squareRoot())
        #expect(abs(variance - 1) < 4 * (8 / Double(count)).squareRoot())
        // Kolmogorov-Smirnov: 1.95 / sqrt(n) is exceeded once in a thousand.
        #expect(Self.distance(arrivals, rate: 1000) < 1.95 / Double(count).squareRoot())
        let neighbours = zip(gaps, gaps.dropFirst()).reduce(0) { $0 + ($1.0 - mean) * ($1.1 - mean) }
        #expect(abs(neighbours / Double(count) / variance) < 4 / Double(count).squareRoot())
    }

    @Test func `even arrivals are told from Poisson ones by the same distance`() {
        let arrivals = Self.arrivals(ArrivalSchedule(rate: 1000, spacing: .even), 1000)
        #expect(Self.distance(arrivals, rate: 1000) > 0.3)
    }

    @Test func `Poisson arrivals of several workers are together one Poisson process of the whole rate`() {
        let shares = (0..<4).flatMap {
            Self.arrivals(ArrivalSchedule(rate: 1000, spacing: .poisson(seed: 9), share: $0, of: 4), 25_000)
        }
        // The shares end at different times; what lies before the first of these ends is whole.
        let merged = Array(shares.sorted().prefix(90_000))
        #expect(abs(90_000 / (merged.last ?? 0) / 1000 - 1) < 4 / Double(merged.count).squareRoot())
        #expect(Self.distance(merged, rate: 1000) < 1.95 / Double(merged.count).squareRoot())
    }
}
