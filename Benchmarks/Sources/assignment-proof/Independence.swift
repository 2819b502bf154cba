import Experiment

/// Pearson's χ² of 1,000 pairs of experiments, each on a 10 × 10 table of the deciles of 20,000 ids.
enum Independence {
    private static let unitCount = 20_000
    private static let pairCount = 1_000
    /// Salts enough for the pairs: 46 · 45 / 2 = 1,035.
    private static let saltCount = 46
    /// χ² of 81 degrees of freedom at p = 0.001 and 0.05.
    private static let (critical001, critical05) = (126.08, 103.01)
    /// Of 1,000 independent pairs one is expected beyond the first, and more than seven once in 10^5 such proofs; 50 ± 6.9
    /// beyond the second.
    private static let (limit001, limits05) = (7, 20...80)

    /// The legacy algorithm must fail, or the test could not tell.
    static func check(_ algorithm: AssignmentAlgorithm) -> Bool {
        let units = (0..<unitCount).map(String.init)
        let deciles = (0..<saltCount).map { number in
            let hash = UnitHash(algorithm, salt: "experiment-\(number)")
            return units.map { UInt8(hash.position(of: $0) * 10) }
        }
        var (beyond001, beyond05, pairs) = (0, 0, 0)
        for left in 0..<saltCount {
            for right in left + 1..<saltCount where pairs < pairCount {
                let statistic = statistic(deciles[left], deciles[right])
                pairs += 1
                if statistic > critical001 { beyond001 += 1 }
                if statistic > critical05 { beyond05 += 1 }
            }
        }
        let independent = beyond001 <= limit001 && limits05.contains(beyond05)
        let detail = "\(beyond001) of \(pairs) pairs at p < 0.001, \(beyond05) at p < 0.05"
        return report(
            algorithm, algorithm.isLegacy ? "correlation found" : "independence", detail,
            independent != algorithm.isLegacy)
    }

    private static func statistic(_ left: [UInt8], _ right: [UInt8]) -> Double {
        var table = [Double](repeating: 0, count: 100)
        for index in left.indices { table[Int(left[index]) * 10 + Int(right[index])] += 1 }
        let rows = (0..<10).map { row in (0..<10).reduce(0) { $0 + table[row * 10 + $1] } }
        let columns = (0..<10).map { column in (0..<10).reduce(0) { $0 + table[$1 * 10 + column] } }
        return table.indices.reduce(0) { sum, cell in
            let expected = rows[cell / 10] * columns[cell % 10] / Double(left.count)
            let difference = table[cell] - expected
            return sum + difference * difference / expected
        }
    }
}
