import Foundation
import TestSupport

/// What simulations draw.
extension SplitMix64 {
    /// Uniform in [0, 1).
    mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// Standard normal (Box and Muller).
    mutating func normal() -> Double {
        (-2 * log(1 - uniform())).squareRoot() * cos(2 * .pi * uniform())
    }

    /// Gamma of this shape and scale 1 (Marsaglia and Tsang, ACM TOMS 26, 2000).
    mutating func gamma(_ shape: Double) -> Double {
        guard shape >= 1 else { return gamma(shape + 1) * pow(1 - uniform(), 1 / shape) }
        let d = shape - 1.0 / 3
        while true {
            let x = normal()
            let v = pow(1 + x / (9 * d).squareRoot(), 3)
            if v > 0, log(1 - uniform()) < x * x / 2 + d - d * v + d * log(v) { return d * v }
        }
    }

    /// Poisson by counting exponential gaps.
    mutating func poisson(_ mean: Double) -> Int {
        var (count, sum) = (0, -log(1 - uniform()))
        while sum < mean {
            count += 1
            sum -= log(1 - uniform())
        }
        return count
    }

    /// Successes of `trials` one by one.
    mutating func successes(_ trials: Int, _ chance: Double) -> Int {
        (0..<trials).reduce(0) { sum, _ in sum + (uniform() < chance ? 1 : 0) }
    }
}

/// Binomial counts by inversion of a table: one draw each.
struct BinomialTable {
    let trials: Int
    private let cumulative: [Double]

    init(trials: Int, chance: Double) {
        self.trials = trials
        var term = pow(1 - chance, Double(trials))
        var sum = term
        var cumulative = [sum]
        for k in 0..<trials {
            term *= Double(trials - k) / Double(k + 1) * chance / (1 - chance)
            sum += term
            cumulative.append(sum)
        }
        self.cumulative = cumulative
    }

    func draw(_ simulation: inout SplitMix64) -> Int {
        let u = simulation.uniform()
        return cumulative.firstIndex { u < $0 } ?? trials
    }
}
