extension ShadowComparison {
    /// What a comparison is made of: sums over requests and pairs of scores, and a histogram.
    public struct Sums: Sendable, Equatable, Codable {
        /// Bins of |Δp|, of equal width in its logarithm from 1e-8 to 1; the first takes what is below.
        public static let binCount = 161

        /// Requests that both versions scored.
        public var requests = 0
        /// Requests that the candidate failed on.
        public var failures = 0
        /// Those of them that were scores that are no number.
        public var nonFinite = 0
        /// Candidates of the requests that both scored.
        public var pairs = 0
        /// Requests whose first candidate is another.
        public var changedTops = 0
        /// Σ |Δ logit| over pairs.
        public var logitSum = 0.0
        /// Σ Kendall τ_b over the requests that have one.
        public var tauSum = 0.0
        /// How many these are.
        public var tauCount = 0
        /// Σ overlap of the first candidates over requests.
        public var overlapSum = 0.0
        /// Seconds that the champion took.
        public var championSeconds = 0.0
        /// Seconds that the candidate took.
        public var candidateSeconds = 0.0
        /// Pairs by |Δp|.
        public var bins = [Int](repeating: 0, count: binCount)

        /// Sums over nothing.
        public init() {}

        /// Whether there can be such sums: no count is negative, none so large that adding some overflows, every pair is in a bin,
        /// and sums are finite and no larger than their counts allow.
        public var isPossible: Bool {
            let counts = [requests, failures, nonFinite, pairs, changedTops, tauCount] + bins
            guard bins.count == Self.binCount, counts.allSatisfy({ (0...Self.largestCount).contains($0) }),
                bins.reduce(0, +) == pairs, changedTops <= requests, tauCount <= requests,
                nonFinite <= failures
            else { return false }
            return [logitSum, championSeconds, candidateSeconds].allSatisfy { $0 >= 0 && $0.isFinite }
                && abs(tauSum) <= Double(tauCount) * 1.000001
                && overlapSum >= 0 && overlapSum <= Double(requests) * 1.000001
        }

        /// 2^53: beyond it a Double is no count any more.
        private static let largestCount = 1 << 53

        mutating func add(_ other: Sums) {
            requests += other.requests
            failures += other.failures
            nonFinite += other.nonFinite
            pairs += other.pairs
            changedTops += other.changedTops
            logitSum += other.logitSum
            tauSum += other.tauSum
            tauCount += other.tauCount
            overlapSum += other.overlapSum
            championSeconds += other.championSeconds
            candidateSeconds += other.candidateSeconds
            for bin in bins.indices { bins[bin] += other.bins[bin] }
        }
    }
}
