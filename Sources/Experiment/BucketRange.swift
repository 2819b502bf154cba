/// A half-open part of [0, 1): the positions of the units that an arm owns.
public struct BucketRange: Sendable, Equatable {
    /// The first position in the range.
    public let start: Double
    /// The first position after it.
    public let end: Double

    /// The range [start, end).
    public init(start: Double, end: Double) {
        self.start = start
        self.end = end
    }

    /// Whether a position lies in the range.
    public func contains(_ position: Double) -> Bool {
        start <= position && position < end
    }

    /// The ranges of `count` arms, as GrowthBook's `getBucketRanges` gives them: arm i starts where the weights before it
    /// end, and owns `coverage` of its weight from there. The starts do not depend on coverage, so raising it enrols
    /// more units and moves none.
    ///
    /// Coverage is limited to 0...1. Weights are used as they are when there is one for each arm and they sum to
    /// 1 ± 0.01; otherwise all arms weigh the same.
    public static func ranges(_ count: Int, coverage: Double, weights: [Double]? = nil) -> [BucketRange] {
        let coverage = min(max(coverage, 0), 1)
        var shares = weights ?? []
        if shares.count != count || !(0.99...1.01).contains(shares.reduce(0, +)) {
            shares = Array(repeating: 1 / Double(count), count: count)
        }
        var next = 0.0
        return shares.map { share in
            defer { next += share }
            return BucketRange(start: next, end: next + coverage * share)
        }
    }
}
