/// How alike two models rank the same candidates: the higher a score, the earlier its candidate.
public struct RankAgreement: Sendable, Equatable {
    /// Kendall's τ_b, (P - Q) / √((n₀ - n₁) (n₀ - n₂)), which takes ties into account; nil where one of the two gives all
    /// candidates one score.
    public let kendallTau: Double?
    /// Whether both have the same candidate first; of equal scores the earlier candidate stands first.
    public let hasSameTop: Bool
    private let first: [Int]
    private let second: [Int]

    /// Nil without candidates. Precondition: as many scores of each, all finite.
    public init?(_ first: [Float], _ second: [Float]) {
        precondition(first.count == second.count, "scores of the same candidates")
        guard !first.isEmpty else { return nil }
        self.first = Self.ranking(first)
        self.second = Self.ranking(second)
        hasSameTop = self.first[0] == self.second[0]
        kendallTau = Self.tau(first, second)
    }

    /// |A_k ∩ B_k| / k of the first k of each; k is cut to the number of candidates. Precondition: k is positive.
    public func overlap(at k: Int) -> Double {
        precondition(k > 0, "the first of a ranking")
        let k = min(k, first.count)
        return Double(Set(first.prefix(k)).intersection(second.prefix(k)).count) / Double(k)
    }

    private static func ranking(_ scores: [Float]) -> [Int] {
        scores.indices.sorted { scores[$0] != scores[$1] ? scores[$0] > scores[$1] : $0 < $1 }
    }

    /// In n log n by counting exchanges of a merge sort (Knight, JASA 61, 1966).
    private static func tau(_ x: [Float], _ y: [Float]) -> Double? {
        let order = x.indices.sorted { x[$0] != x[$1] ? x[$0] < x[$1] : y[$0] < y[$1] }
        let tiesX = tiedPairs(order) { x[$0] == x[$1] }
        let tiesBoth = tiedPairs(order) { x[$0] == x[$1] && y[$0] == y[$1] }
        var sorted = order.map { y[$0] }
        let discordant = exchanges(&sorted)
        let tiesY = tiedPairs(Array(sorted.indices)) { sorted[$0] == sorted[$1] }
        let pairs = x.count * (x.count - 1) / 2
        let root = (Double(pairs - tiesX) * Double(pairs - tiesY)).squareRoot()
        guard root > 0 else { return nil }
        return Double(pairs - tiesX - tiesY + tiesBoth - 2 * discordant) / root
    }

    /// Pairs inside runs of neighbours that are equal.
    private static func tiedPairs(_ order: [Int], _ isEqual: (Int, Int) -> Bool) -> Int {
        var (pairs, run) = (0, 1)
        for i in order.indices.dropFirst() {
            if isEqual(order[i - 1], order[i]) {
                pairs += run
                run += 1
            } else {
                run = 1
            }
        }
        return pairs
    }

    /// Sorts, and counts the pairs that stood in the wrong order.
    private static func exchanges(_ values: inout [Float]) -> Int {
        var count = 0
        var width = 1
        while width < values.count {
            var merged: [Float] = []
            merged.reserveCapacity(values.count)
            for start in stride(from: 0, to: values.count, by: 2 * width) {
                let middle = min(start + width, values.count)
                let end = min(start + 2 * width, values.count)
                var (i, j) = (start, middle)
                while i < middle || j < end {
                    if j == end || (i < middle && values[i] <= values[j]) {
                        merged.append(values[i])
                        i += 1
                    } else {
                        count += middle - i
                        merged.append(values[j])
                        j += 1
                    }
                }
            }
            values = merged
            width *= 2
        }
        return count
    }
}
