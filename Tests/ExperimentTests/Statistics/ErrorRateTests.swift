import Experiment
import Foundation
import TestSupport
import Testing

/// How often the tests are wrong, by simulation: a short run here, the long one by `scripts/prove-statistics`.
@Suite struct ErrorRateTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let runs = environment["SIMULATION_RUNS"].flatMap(Int.init) ?? 200
    private static let looks = environment["SIMULATION_LOOKS"].flatMap(Int.init) ?? 400
    private static let seed =
        environment["SIMULATION_SEED"].flatMap(UInt64.init) ?? UInt64.random(in: 0..<1 << 32)
    private static let alpha = 0.05

    /// The share of runs that alarm, printed; it may exceed `limit` by three standard errors of so many runs, no more.
    private func check(
        _ name: String, limit: Double, runs: Int = Self.runs, _ run: (inout SplitMix64) -> Bool
    ) {
        let alarms = (0..<runs).count { index in
            var simulation = SplitMix64(seed: Self.seed &+ UInt64(index) &* 0x1_0000_0001)
            return run(&simulation)
        }
        let rate = Double(alarms) / Double(runs)
        let slack = 3 * (limit * (1 - limit) / Double(runs)).squareRoot()
        print("simulation: \(name): \(alarms) of \(runs) runs, \(rate), limit \(limit) (seed \(Self.seed))")
        #expect(
            rate <= limit + (Self.environment["SIMULATION_RUNS"] == nil ? slack : 0),
            "\(name), seed \(Self.seed)")
    }

    @Test(arguments: [[0.5, 0.5], [0.9, 0.1], [0.6, 0.3, 0.1]])
    func `the count test alarms without cause no more often than alpha`(shares: [Double]) throws {
        let test = try #require(SequentialCountTest(shares: shares, alpha: Self.alpha))
        check("count test at \(shares)", limit: Self.alpha) { simulation in
            var counts = [Int](repeating: 0, count: shares.count)
            return (0..<Self.looks).contains { _ in
                var rest = simulation.uniform()
                var arm = 0
                while arm < shares.count - 1, rest >= shares[arm] {
                    rest -= shares[arm]
                    arm += 1
                }
                counts[arm] += 1
                return test.isAlarm(counts)
            }
        }
    }

    @Test func `the confidence sequence misses the truth no more often than alpha`() {
        let clicks = BinomialTable(trials: 100, chance: 0.03)
        let sequence = ConfidenceSequence(alpha: Self.alpha, tuning: Double(Self.looks * 50))
        check("confidence sequence", limit: Self.alpha) { simulation in
            var (count, a, b) = (0.0, 0.0, 0.0)
            return (0..<Self.looks).contains { look in
                count += 100
                a += Double(clicks.draw(&simulation))
                b += Double(clicks.draw(&simulation))
                guard look >= 10 else { return false }  // it is asymptotic: not before 1,000 impressions
                let (p, q) = (a / count, b / count)
                let estimate = Estimate(value: q - p, variance: (p * (1 - p) + q * (1 - q)) / count)
                return sequence.interval(of: estimate, count: count)?.contains(0) == false
            }
        }
    }

    @Test func `the mixture test rejects without cause no more often than alpha`() {
        let clicks = BinomialTable(trials: 100, chance: 0.03)
        check("mixture SPRT", limit: Self.alpha) { simulation in
            var test = MixtureSPRT(mixtureVariance: 1e-6)
            var (count, a, b) = (0, 0, 0)
            return (0..<Self.looks).contains { _ in
                count += 100
                a += clicks.draw(&simulation)
                b += clicks.draw(&simulation)
                test.look(count: count, clicks: a, otherClicks: b)
                return test.pValue <= Self.alpha
            }
        }
    }

    /// Users of very different activity and taste: what makes a naive test alarm in every third run.
    @Test func `an A/A test over buckets of heavy users alarms at its nominal level`() throws {
        let (users, buckets) = (2000, 1024)
        let z = 1.959964
        check("clustered A/A", limit: 0.06, runs: max(Self.runs * 3 / 20, 150)) { simulation in
            let arms = (0..<2).compactMap { _ -> BucketRatio? in
                var numerators = [Double](repeating: 0, count: buckets)
                var denominators = numerators
                for _ in 0..<users {
                    let bucket = Int(simulation.next() % UInt64(buckets))
                    let (x, y) = (simulation.gamma(0.6), simulation.gamma(19.4))
                    let views = simulation.poisson(simulation.gamma(0.5) * 20)
                    numerators[bucket] += Double(simulation.successes(views, x / (x + y)))
                    denominators[bucket] += Double(views)
                }
                return BucketRatio(numerators: numerators, denominators: denominators)
            }
            let difference = BucketRatio.difference(arms[1], arms[0])
            return abs(difference.value) > z * (difference.standardError ?? .infinity)
        }
    }

    @Test func `a doubled error rate is found within 200 bad events nine times of ten`() throws {
        let test = try #require(SequentialCountTest(shares: [0.5, 0.5], alpha: 0.01))
        var found = (0..<max(Self.runs, 1000)).map { index in
            var simulation = SplitMix64(seed: Self.seed &+ UInt64(index) &* 0x2_0000_0003)
            var counts = [0, 0]
            while !test.isAlarm(counts, against: 1) { counts[simulation.uniform() < 2.0 / 3 ? 1 : 0] += 1 }
            return counts[0] + counts[1]
        }
        found.sort()
        let (median, p90) = (found[found.count / 2], found[found.count * 9 / 10])
        print(
            "simulation: a doubled error rate is found after \(median) events, p90 \(p90) (seed \(Self.seed))"
        )
        #expect(p90 <= (Self.environment["SIMULATION_RUNS"] == nil ? 220 : 200))
    }

    @Test func `the planned sample finds the difference as often as promised`() {
        let (rate, difference, chunk) = (0.03, 0.1, 500)
        let size = SampleSize(rate: rate, relativeDifference: difference)
        let chunks = Int((size.perArm / Double(chunk)).rounded())
        let a = BinomialTable(trials: chunk, chance: rate)
        let b = BinomialTable(trials: chunk, chance: rate * (1 + difference))
        let runs = max(Self.runs, 1000)
        let found = (0..<runs).count { index in
            var simulation = SplitMix64(seed: Self.seed &+ UInt64(index) &* 0x3_0000_0007)
            let n = Double(chunks * chunk)
            let p = Double((0..<chunks).reduce(0) { sum, _ in sum + a.draw(&simulation) }) / n
            let q = Double((0..<chunks).reduce(0) { sum, _ in sum + b.draw(&simulation) }) / n
            let error = ((p * (1 - p) + q * (1 - q)) / n).squareRoot()
            return abs(q - p) > 1.959964 * error
        }
        let power = Double(found) / Double(runs)
        print("simulation: power \(power) where \(size.power) is promised (seed \(Self.seed))")
        let slack = Self.environment["SIMULATION_RUNS"] == nil ? 0.05 : 0.03
        #expect(abs(power - size.power) <= slack)
    }
}
