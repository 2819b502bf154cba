import Experiment
import Testing

/// Whether two experiments' positions of the same units are independent: Pearson's χ² on a 10 × 10 table of deciles.
@Suite struct IndependenceTests {
    private static let unitCount = 10_000
    private static let units = (0..<unitCount).map(String.init)

    /// The deciles of all units under each of ten salts that differ in their last digits only, as people choose them.
    private func deciles(_ algorithm: AssignmentAlgorithm) -> [[UInt8]] {
        (0..<10).map { number in
            let hash = UnitHash(algorithm, salt: "experiment-\(number)")
            return Self.units.map { UInt8(hash.position(of: $0) * 10) }
        }
    }

    /// χ² of two lists of deciles against independence, with 81 degrees of freedom.
    private func statistic(_ left: [UInt8], _ right: [UInt8]) -> Double {
        var table = [Double](repeating: 0, count: 100)
        for (row, column) in zip(left, right) { table[Int(row) * 10 + Int(column)] += 1 }
        let rows = (0..<10).map { row in (0..<10).reduce(0) { $0 + table[row * 10 + $1] } }
        let columns = (0..<10).map { column in (0..<10).reduce(0) { $0 + table[$1 * 10 + column] } }
        let total = Double(left.count)
        return table.indices.reduce(0) { sum, cell in
            let expected = rows[cell / 10] * columns[cell % 10] / total
            let difference = table[cell] - expected
            return sum + difference * difference / expected
        }
    }

    /// How many of the 45 pairs of salts are told from independent ones at p < 0.001 (χ² of 81 degrees above 126.08).
    private func dependentPairs(_ algorithm: AssignmentAlgorithm) -> Int {
        let deciles = deciles(algorithm)
        return deciles.indices.reduce(0) { count, left in
            count + deciles[(left + 1)...].filter { statistic(deciles[left], $0) > 126.08 }.count
        }
    }

    @Test(arguments: AssignmentAlgorithm.allCases.filter { !$0.isLegacy })
    func `experiments under different salts are independent`(_ algorithm: AssignmentAlgorithm) {
        // By chance one pair in a thousand is told apart, so two of 45 are once in a thousand such tests.
        #expect(dependentPairs(algorithm) <= 1)
    }

    @Test func `GrowthBook's version 1 fails the same test, which is why it is legacy`() {
        #expect(dependentPairs(.growthBookV1) > 20)
    }

    @Test func `a layer's segments are independent of the experiments in it`() throws {
        let layer = LayerSlice(layer: "experiment-1", segments: 0..<1)
        let segments = Self.units.map { UInt8(layer.segment(of: $0) / 1_000) }
        for salt in ["experiment-1", "layer", "home"] {
            let hash = UnitHash(.sha256, salt: salt)
            #expect(statistic(segments, Self.units.map { UInt8(hash.position(of: $0) * 10) }) < 126.08)
        }
    }
}
