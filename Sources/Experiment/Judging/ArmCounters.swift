/// What one arm of an experiment did, summed by the hash bucket of the unit. Counters of replicas are merged by addition, in
/// any order, and say the same as one server that had served all.
public struct ArmCounters: Sendable, Equatable {
    /// Buckets: enough that their sums are nearly normal, few enough to send.
    public static let bucketCount = 1024

    /// What is summed.
    public enum Quantity: Int, Sendable, CaseIterable {
        /// Requests assigned to the arm, whoever answered.
        case requests
        /// Candidates scored.
        case candidates
        /// Impressions whose attribution window is over.
        case impressions
        /// Clicks on them.
        case clicks
        /// Conversions of them.
        case conversions
        /// Σ p of these impressions.
        case predictedClicks
        /// Σ of their log loss.
        case logLoss
        /// Revenue of them, in the currency of the feedback.
        case revenue
        /// What they cost.
        case cost
        /// Requests that ended with an error of the server.
        case errors
        /// Requests over their latency budget.
        case overBudget
        /// Requests that the champion answered because the arm's version could not.
        case fallbacks
        /// Requests for which the arm's version gave a score that is not a number.
        case nonFinite
    }

    private var sums: [Double]
    /// The scores of the impressions, by whether they were clicked.
    public internal(set) var scores = ScoreHistogram()

    /// Counters of an arm that did nothing.
    public init() {
        sums = [Double](repeating: 0, count: Quantity.allCases.count * Self.bucketCount)
    }

    /// Counters of these sums: ``bucketCount`` finite numbers a quantity, or none where all are 0; and of these scores. Nil where
    /// they are not that.
    public init?(_ sums: [Quantity: [Double]], scores: ScoreHistogram = ScoreHistogram()) {
        self.init()
        self.scores = scores
        for (quantity, values) in sums where !values.isEmpty {
            guard values.count == Self.bucketCount, values.allSatisfy(\.isFinite) else { return nil }
            self.sums.replaceSubrange(range(of: quantity), with: values)
        }
    }

    /// The sum in each bucket.
    public subscript(quantity: Quantity) -> [Double] {
        Array(sums[range(of: quantity)])
    }

    private func range(of quantity: Quantity) -> Range<Int> {
        quantity.rawValue * Self.bucketCount..<(quantity.rawValue + 1) * Self.bucketCount
    }

    /// The sum over all buckets.
    public func total(_ quantity: Quantity) -> Double { sums[range(of: quantity)].reduce(0, +) }

    /// Adds to one bucket. Precondition: bucket in 0..<bucketCount, amount finite.
    public mutating func add(_ amount: Double, to quantity: Quantity, bucket: Int) {
        precondition((0..<Self.bucketCount).contains(bucket) && amount.isFinite, "a bucket and an amount")
        sums[quantity.rawValue * Self.bucketCount + bucket] += amount
    }

    /// The sums of both.
    public static func + (left: ArmCounters, right: ArmCounters) -> ArmCounters {
        var merged = left
        for index in merged.sums.indices { merged.sums[index] += right.sums[index] }
        merged.scores = left.scores + right.scores
        return merged
    }

    /// The ratio of two sums with its variance over buckets; nil without a denominator.
    public func ratio(_ numerator: Quantity, per denominator: Quantity) -> BucketRatio? {
        BucketRatio(numerators: self[numerator], denominators: self[denominator])
    }

    /// Requests of which something went wrong that the arm is to blame for.
    public var badEvents: Int {
        Int([Quantity.errors, .overBudget, .fallbacks, .nonFinite].reduce(0) { $0 + total($1) })
    }

    /// The sums for the business metrics.
    public var businessTotals: BusinessGains.Totals {
        BusinessGains.Totals(
            impressions: total(.impressions), clicks: total(.clicks), revenue: total(.revenue))
    }
}
