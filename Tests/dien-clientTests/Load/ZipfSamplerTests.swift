import RandomNumbers
import Foundation
import Testing

@testable import dien_client

@Suite struct ZipfSamplerTests {
    @Test(arguments: [0, 0.5, 0.999_999_999_9, 1, 1.1, 2, 4])
    func `ranks come as often as Zipf's law says`(exponent: Double) {
        let count = 10
        let draws = 50_000
        let sampler = ZipfSampler(count: UInt64(count), exponent: exponent)
        var random = SplitMix64(seed: 20_261_124)
        var seen = [Int](repeating: 0, count: count + 1)
        for _ in 0..<draws { seen[Int(sampler.rank(&random))] += 1 }
        let weights = (1...count).map { pow(Double($0), -exponent) }
        let total = weights.reduce(0, +)
        let chiSquared = (1...count).reduce(0.0) { sum, rank in
            let expected = Double(draws) * weights[rank - 1] / total
            return sum + pow(Double(seen[rank]) - expected, 2) / expected
        }
        // The value of chi-squared with 9 degrees of freedom that is exceeded once in a thousand.
        #expect(chiSquared < 27.88)
        #expect(seen[0] == 0)
    }

    @Test func `a catalogue of a million items has the head that the harmonic numbers give it`() {
        let sampler = ZipfSampler(count: 1_000_000, exponent: 1)
        var random = SplitMix64(seed: 7)
        let draws = 40_000
        let head = (0..<draws).count { _ in sampler.rank(&random) <= 1000 }
        // H(1000) = 7.485471 and H(1000000) = 14.392727.
        let share = 7.485471 / 14.392727
        let deviation = (share * (1 - share) / Double(draws)).squareRoot()
        #expect(abs(Double(head) / Double(draws) - share) < 4 * deviation)
    }

    @Test func `one item, and more items than a table could hold, are in range`() {
        var random = SplitMix64(seed: 1)
        #expect(ZipfSampler(count: 1, exponent: 1).rank(&random) == 1)
        for exponent in [0, 0.2, 1, 3] {
            let sampler = ZipfSampler(count: 1 << 52, exponent: exponent)
            for _ in 0..<1000 { #expect((1...(1 << 52)).contains(sampler.rank(&random))) }
        }
    }
}
