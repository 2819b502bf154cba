internal import Foundation

/// How the scores of clicked impressions and of the others lie: counts by bin of the logit, kept apart for groups of units, so
/// that an area under the ROC curve has an interval. Counts of replicas are merged by addition, in any order.
///
/// A click moves its impression from the others to the clicked ones. Where both were told to two replicas, the counts of one
/// alone may be negative; their sum is not.
public struct ScoreHistogram: Sendable, Equatable {
    /// Bins of equal width, 1/32, of logits from -16 to 16; probabilities are clipped to 1e-7 as for the log loss, and those
    /// of the ends fall into the outer bins. Scores of one bin count as tied.
    public static let binCount = 1024
    /// Groups of units: bucket modulo this. Leaving out each in turn is what the variance is made of.
    public static let groupCount = 64
    /// Places of counts: those of group g begin at 2 · g · ``binCount``, first the others, then the clicked ones.
    public static let placeCount = 2 * groupCount * binCount
    /// No count of one place is larger, whoever tells it.
    public static let largestCount = 1 << 30

    /// Empty where nothing was counted, so that who has no outcomes takes no memory.
    private var counts: [Int32] = []

    /// A histogram of nothing.
    public init() {}

    /// The histogram with these counts, by ascending place; nil for what none has.
    public init?(places: [Int], counts: [Int]) {
        guard places.count == counts.count, zip(places, places.dropFirst()).allSatisfy({ $0 < $1 }),
            places.allSatisfy({ (0..<Self.placeCount).contains($0) }),
            counts.allSatisfy({ abs($0) <= Self.largestCount && $0 != 0 })
        else { return nil }
        guard !places.isEmpty else { return }
        self.counts = [Int32](repeating: 0, count: Self.placeCount)
        for (place, count) in zip(places, counts) { self.counts[place] = Int32(count) }
    }

    /// The counts that are not 0, by ascending place.
    public var sparse: (places: [Int], counts: [Int]) {
        let places = counts.indices.filter { counts[$0] != 0 }
        return (places, places.map { Int(counts[$0]) })
    }

    /// Counts an impression, as not clicked. Precondition: a probability, a bucket of ``ArmCounters``.
    public mutating func addImpression(_ probability: Double, bucket: Int) {
        add(1, probability, isClicked: false, bucket)
    }

    /// A click on an impression that was counted. Precondition: as of ``addImpression(_:bucket:)``.
    public mutating func addClick(_ probability: Double, bucket: Int) {
        add(-1, probability, isClicked: false, bucket)
        add(1, probability, isClicked: true, bucket)
    }

    private mutating func add(_ amount: Int32, _ probability: Double, isClicked: Bool, _ bucket: Int) {
        if counts.isEmpty { counts = [Int32](repeating: 0, count: Self.placeCount) }
        let group = bucket % Self.groupCount
        let place = (2 * group + (isClicked ? 1 : 0)) * Self.binCount + Self.bin(probability)
        counts[place] = Self.sum(counts[place], amount)
    }

    /// The counts of both.
    public static func + (left: ScoreHistogram, right: ScoreHistogram) -> ScoreHistogram {
        guard !left.counts.isEmpty else { return right }
        guard !right.counts.isEmpty else { return left }
        var merged = left
        for place in merged.counts.indices {
            merged.counts[place] = sum(merged.counts[place], right.counts[place])
        }
        return merged
    }

    /// Held within ``largestCount``, which an Int32 has room for.
    private static func sum(_ left: Int32, _ right: Int32) -> Int32 {
        Int32(max(-largestCount, min(largestCount, Int(left) + Int(right))))
    }

    /// The bin of a probability.
    static func bin(_ probability: Double) -> Int {
        let p = min(max(probability, LogLoss.clip), 1 - LogLoss.clip)
        return min(max(Int((log(p / (1 - p)) * 32).rounded(.down)) + binCount / 2, 0), binCount - 1)
    }

    /// Counts of one group, or of all.
    private func bins(_ group: Int, isClicked: Bool) -> ArraySlice<Int32> {
        let begin = (2 * group + (isClicked ? 1 : 0)) * Self.binCount
        return counts[begin..<begin + Self.binCount]
    }
}

extension ScoreHistogram {
    /// The area under the ROC curve, scores of one bin being tied, with its variance by leaving out one group of units after
    /// the other (the delete-a-group jackknife; Kott, J. Official Statistics 17, 2001): (G - 1) / G · Σ (A₍g₎ - Ā)².
    ///
    /// Nil where there are not both classes; and where more than a hundredth of the clicks have no impression, so that what
    /// other replicas were told is missing. Without a variance where fewer than two groups can be left out.
    public var auc: Estimate? {
        guard let all = Area(clicked: total(isClicked: true), others: total(isClicked: false)), all.isWhole
        else {
            return nil
        }
        var areas: [Double] = []
        for group in 0..<Self.groupCount {
            let clicked = bins(group, isClicked: true)
            let others = bins(group, isClicked: false)
            guard clicked.contains(where: { $0 != 0 }) || others.contains(where: { $0 != 0 }) else {
                continue
            }
            guard
                let without = Area(
                    clicked: zip(all.clicked, clicked).map { $0 - Int($1) },
                    others: zip(all.others, others).map { $0 - Int($1) })
            else { return Estimate(value: all.value, variance: nil) }
            areas.append(without.value)
        }
        guard areas.count > 1 else { return Estimate(value: all.value, variance: nil) }
        let count = Double(areas.count)
        let mean = areas.reduce(0, +) / count
        let squares = areas.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return Estimate(value: all.value, variance: squares * (count - 1) / count)
    }

    /// Groups that have an impression.
    public var occupiedGroups: Int {
        guard !counts.isEmpty else { return 0 }
        return (0..<Self.groupCount).count { group in
            bins(group, isClicked: false).contains { $0 != 0 }
                || bins(group, isClicked: true).contains { $0 != 0 }
        }
    }

    private func total(isClicked: Bool) -> [Int] {
        var sums = [Int](repeating: 0, count: Self.binCount)
        guard !counts.isEmpty else { return sums }
        for group in 0..<Self.groupCount {
            for (bin, count) in bins(group, isClicked: isClicked).enumerated() { sums[bin] += Int(count) }
        }
        return sums
    }

    /// The area of counts by bin.
    private struct Area {
        let clicked: [Int]
        let others: [Int]
        let value: Double
        private let missing: Double
        private let positives: Double

        /// Nil without both classes. A negative count is none.
        init?(clicked: [Int], others: [Int]) {
            var (below, pairs, positives, missing) = (0.0, 0.0, 0.0, 0.0)
            for (positive, negative) in zip(clicked, others) {
                let (p, n) = (Double(max(0, positive)), Double(max(0, negative)))
                pairs += p * (below + n / 2)
                below += n
                positives += p
                missing += Double(max(0, -positive) + max(0, -negative))
            }
            guard positives > 0, below > 0 else { return nil }
            value = pairs / (positives * below)
            (self.clicked, self.others, self.missing, self.positives) = (clicked, others, missing, positives)
        }

        var isWhole: Bool { missing <= positives / 100 }
    }
}

extension ScoreHistogram: Codable {
    private enum Key: String, CodingKey, CaseIterable { case places, counts }

    /// Decodes the counts that are not 0.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        guard
            let histogram = try ScoreHistogram(
                places: container.decode([Int].self, forKey: .places),
                counts: container.decode([Int].self, forKey: .counts))
        else {
            throw DecodingError.dataCorruptedError(
                forKey: .places, in: container, debugDescription: "no histogram has these places and counts")
        }
        self = histogram
    }

    /// Encodes the counts that are not 0.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        let (places, counts) = sparse
        try container.encode(places, forKey: .places)
        try container.encode(counts, forKey: .counts)
    }
}
