internal import Foundation

/// How far one sample of scores has moved from another.
public enum ScoreDrift {
    /// The population stability index Σ (a - e) ln(a / e) of two samples over the deciles of the first.
    public struct StabilityIndex: Sendable, Equatable {
        /// Σ (a - e) ln(a / e).
        public let value: Double
        /// What it stays below in 95 of 100 cases without any change: χ²_{B-1, .95} (1/n + 1/m) (Yurdakul and Naranjo). The
        /// customary 0.1 and 0.25 know nothing of the sample's size.
        public let limitByChance: Double
        /// Bins, fewer than asked for where scores tie.
        public let bins: Int

        /// More than chance, and more than anybody minds.
        public func isAlarm(tolerated: Double = 0.02) -> Bool { value > max(tolerated, limitByChance) }
    }

    /// Σ (a - e) ln(a / e) of shares; an empty share counts as half an observation would. Precondition: as many of each.
    public static func stabilityIndex(expected: [Double], actual: [Double], floor: Double = 1e-6) -> Double {
        precondition(expected.count == actual.count, "shares of the same bins")
        return zip(expected, actual).reduce(0) { sum, pair in
            let (e, a) = (max(pair.0, floor), max(pair.1, floor))
            return sum + (a - e) * log(a / e)
        }
    }

    /// The index of `actual` against `expected`, in bins of equal count of the latter. Nil unless both have scores, all
    /// finite. Precondition: at least two bins.
    public static func stabilityIndex(
        expected: [Double], actual: [Double], bins: Int
    ) -> StabilityIndex? {
        precondition(bins > 1, "bins to compare")
        guard !expected.isEmpty, !actual.isEmpty, (expected + actual).allSatisfy(\.isFinite) else {
            return nil
        }
        let sorted = expected.sorted()
        var edges: [Double] = []
        for bin in 1..<bins {
            let edge = sorted[min(bin * sorted.count / bins, sorted.count - 1)]
            if edge > edges.last ?? sorted[0] { edges.append(edge) }
        }
        guard !edges.isEmpty else {
            return StabilityIndex(
                value: actual.allSatisfy { $0 == sorted[0] } ? 0 : .infinity, limitByChance: 0, bins: 1)
        }
        let (n, m) = (Double(expected.count), Double(actual.count))
        let value = stabilityIndex(
            expected: shares(expected, edges), actual: shares(actual, edges), floor: 0.5 / max(n, m))
        let limit = ChiSquared.quantile(upperTail: 0.05, degrees: edges.count) * (1 / n + 1 / m)
        return StabilityIndex(value: value, limitByChance: limit, bins: edges.count + 1)
    }

    /// The largest distance between two empirical distributions, and how often chance makes it so large (Kolmogorov and
    /// Smirnov, asymptotic). Nil unless both have scores.
    public static func kolmogorovSmirnov(
        _ first: [Double], _ second: [Double]
    ) -> (distance: Double, pValue: Double)? {
        guard !first.isEmpty, !second.isEmpty else { return nil }
        let (a, b) = (first.sorted(), second.sorted())
        var (i, j, distance) = (0, 0, 0.0)
        while i < a.count, j < b.count {
            let value = min(a[i], b[j])
            while i < a.count, a[i] <= value { i += 1 }
            while j < b.count, b[j] <= value { j += 1 }
            distance = max(distance, abs(Double(i) / Double(a.count) - Double(j) / Double(b.count)))
        }
        let size = (Double(a.count) * Double(b.count) / Double(a.count + b.count)).squareRoot()
        return (distance, tail(distance * size))
    }

    /// P(K ≥ x) = 2 Σ (-1)^{k-1} e^{-2 k² x²}.
    private static func tail(_ x: Double) -> Double {
        guard x > 0.2 else { return 1 }
        var sum = 0.0
        for k in 1...100 {
            let term = exp(-2 * Double(k * k) * x * x)
            sum += k % 2 == 1 ? term : -term
            if term < 1e-18 { break }
        }
        return min(1, max(0, 2 * sum))
    }

    private static func shares(_ values: [Double], _ edges: [Double]) -> [Double] {
        var counts = [Double](repeating: 0, count: edges.count + 1)
        for value in values {
            // The first edge above the value is the end of its bin.
            var (low, high) = (0, edges.count)
            while low < high {
                let middle = (low + high) / 2
                if edges[middle] > value { high = middle } else { low = middle + 1 }
            }
            counts[low] += 1
        }
        return counts.map { $0 / Double(values.count) }
    }
}
