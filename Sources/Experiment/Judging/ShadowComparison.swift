internal import Foundation

/// Two versions' scores of the same requests, summed up. Pairing takes away what differs between requests, so that minutes
/// tell what clicks tell in days. Sums of replicas are merged by addition.
public struct ShadowComparison: Sendable, Equatable {
    /// Bins of |Δp|, of equal width in its logarithm from 1e-8 to 1; the first takes what is below.
    static let binCount = 161

    /// Requests that both versions scored.
    public private(set) var requests = 0
    /// Requests that the candidate failed on, or gave a score that is not finite.
    public private(set) var failures = 0
    /// Candidates of the requests that both scored.
    public private(set) var pairs = 0
    /// Requests whose first candidate is another.
    public private(set) var changedTops = 0
    private var logitSum = 0.0
    private var tauSum = 0.0
    private var tauCount = 0
    private var overlapSum = 0.0
    private var championSeconds = 0.0
    private var candidateSeconds = 0.0
    private var bins = [Int](repeating: 0, count: binCount)

    /// A comparison of nothing yet.
    public init() {}

    /// One request that both scored. Precondition: as many probabilities of each.
    public mutating func add(
        champion: [Float], candidate: [Float], championSeconds: Double, candidateSeconds: Double
    ) {
        precondition(champion.count == candidate.count, "probabilities of the same candidates")
        guard candidate.allSatisfy(\.isFinite), let agreement = RankAgreement(champion, candidate) else {
            failures += 1
            return
        }
        requests += 1
        pairs += champion.count
        changedTops += agreement.hasSameTop ? 0 : 1
        overlapSum += agreement.overlap(at: ScoreAgreement.overlapDepth)
        if let tau = agreement.kendallTau {
            tauSum += tau
            tauCount += 1
        }
        for (a, b) in zip(champion, candidate) {
            logitSum += abs(ScoreAgreement.logit(b) - ScoreAgreement.logit(a))
            bins[Self.bin(abs(Double(b) - Double(a)))] += 1
        }
        self.championSeconds += championSeconds
        self.candidateSeconds += candidateSeconds
    }

    /// One request that the candidate failed on.
    public mutating func addFailure() { failures += 1 }

    /// The sums of both.
    public static func + (left: ShadowComparison, right: ShadowComparison) -> ShadowComparison {
        var sum = left
        sum.requests += right.requests
        sum.failures += right.failures
        sum.pairs += right.pairs
        sum.changedTops += right.changedTops
        sum.logitSum += right.logitSum
        sum.tauSum += right.tauSum
        sum.tauCount += right.tauCount
        sum.overlapSum += right.overlapSum
        sum.championSeconds += right.championSeconds
        sum.candidateSeconds += right.candidateSeconds
        for bin in sum.bins.indices { sum.bins[bin] += right.bins[bin] }
        return sum
    }

    /// Mean |Δ logit| over candidates; nil without any.
    public var meanLogitDifference: Double? { pairs > 0 ? logitSum / Double(pairs) : nil }

    /// An upper limit of the p99 of |Δp|, at most a ninth above it; nil without candidates.
    public var p99Difference: Double? {
        guard pairs > 0 else { return nil }
        var rest = Int((0.99 * Double(pairs)).rounded(.up))
        for (bin, count) in bins.enumerated() {
            rest -= count
            if rest <= 0 { return Self.upperEdge(bin) }
        }
        return 1
    }

    /// Mean Kendall τ_b of requests that have one.
    public var meanKendallTau: Double? { tauCount > 0 ? tauSum / Double(tauCount) : nil }

    /// Mean overlap of the first candidates.
    public var meanOverlap: Double? { requests > 0 ? overlapSum / Double(requests) : nil }

    /// Share of requests whose first candidate is another.
    public var changedTopShare: Double? { requests > 0 ? Double(changedTops) / Double(requests) : nil }

    /// Share of requests that the candidate could not score.
    public var failureShare: Double? {
        requests + failures > 0 ? Double(failures) / Double(requests + failures) : nil
    }

    /// The candidate's time over the champion's.
    public var latencyRatio: Double? {
        championSeconds > 0 ? candidateSeconds / championSeconds : nil
    }

    private static func bin(_ difference: Double) -> Int {
        guard difference > 1e-8 else { return 0 }
        return min(binCount - 1, 1 + Int((log10(difference) + 8) * 20))
    }

    private static func upperEdge(_ bin: Int) -> Double { min(1, pow(10, Double(bin) / 20 - 8)) }
}
