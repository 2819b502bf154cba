internal import Foundation

/// Two versions' scores of the same requests, summed up. Pairing takes away what differs between requests, so that minutes
/// tell what clicks tell in days. Sums of replicas are merged by addition.
public struct ShadowComparison: Sendable, Equatable {
    /// Everything that it is made of; those of several are added one by one.
    public private(set) var sums = Sums()

    /// A comparison of nothing yet.
    public init() {}

    /// The comparison with these sums, as another server tells them. Nil where they cannot be: see ``Sums/isPossible``.
    public init?(_ sums: Sums) {
        guard sums.isPossible else { return nil }
        self.sums = sums
    }

    /// Requests that both versions scored.
    public var requests: Int { sums.requests }
    /// Requests that the candidate failed on, or gave a score that is not finite.
    public var failures: Int { sums.failures }
    /// Those of them that were scores that are no number.
    public var nonFinite: Int { sums.nonFinite }
    /// Candidates of the requests that both scored.
    public var pairs: Int { sums.pairs }
    /// Requests whose first candidate is another.
    public var changedTops: Int { sums.changedTops }

    /// One request that both scored. Precondition: as many probabilities of each.
    public mutating func add(
        champion: [Float], candidate: [Float], championSeconds: Double, candidateSeconds: Double
    ) {
        precondition(champion.count == candidate.count, "probabilities of the same candidates")
        guard candidate.allSatisfy(\.isFinite), let agreement = RankAgreement(champion, candidate) else {
            addFailure(isNonFinite: !candidate.allSatisfy(\.isFinite))
            return
        }
        sums.requests += 1
        sums.pairs += champion.count
        sums.changedTops += agreement.hasSameTop ? 0 : 1
        sums.overlapSum += agreement.overlap(at: ScoreAgreement.overlapDepth)
        if let tau = agreement.kendallTau {
            sums.tauSum += tau
            sums.tauCount += 1
        }
        for (a, b) in zip(champion, candidate) {
            sums.logitSum += abs(ScoreAgreement.logit(b) - ScoreAgreement.logit(a))
            sums.bins[Self.bin(abs(Double(b) - Double(a)))] += 1
        }
        sums.championSeconds += championSeconds
        sums.candidateSeconds += candidateSeconds
    }

    /// One request that the candidate failed on; for a score that is no number, or otherwise.
    public mutating func addFailure(isNonFinite: Bool = false) {
        sums.failures += 1
        if isNonFinite { sums.nonFinite += 1 }
    }

    /// The sums of both.
    public static func + (left: ShadowComparison, right: ShadowComparison) -> ShadowComparison {
        var merged = left
        merged.sums.add(right.sums)
        return merged
    }

    /// Mean |Δ logit| over candidates; nil without any.
    public var meanLogitDifference: Double? { pairs > 0 ? sums.logitSum / Double(pairs) : nil }

    /// An upper limit of the p99 of |Δp|, at most a ninth above it; nil without candidates.
    public var p99Difference: Double? {
        guard pairs > 0 else { return nil }
        var rest = Int((0.99 * Double(pairs)).rounded(.up))
        for (bin, count) in sums.bins.enumerated() {
            rest -= count
            if rest <= 0 { return Self.upperEdge(bin) }
        }
        return 1
    }

    /// Mean Kendall τ_b of requests that have one.
    public var meanKendallTau: Double? { sums.tauCount > 0 ? sums.tauSum / Double(sums.tauCount) : nil }

    /// Mean overlap of the first candidates.
    public var meanOverlap: Double? { requests > 0 ? sums.overlapSum / Double(requests) : nil }

    /// Share of requests whose first candidate is another.
    public var changedTopShare: Double? { requests > 0 ? Double(changedTops) / Double(requests) : nil }

    /// Share of requests that the candidate could not score.
    public var failureShare: Double? {
        requests + failures > 0 ? Double(failures) / Double(requests + failures) : nil
    }

    /// Share of requests for which the candidate gave a score that is no number.
    public var nonFiniteShare: Double? {
        requests + failures > 0 ? Double(nonFinite) / Double(requests + failures) : nil
    }

    /// The candidate's time over the champion's.
    public var latencyRatio: Double? {
        sums.championSeconds > 0 ? sums.candidateSeconds / sums.championSeconds : nil
    }

    private static func bin(_ difference: Double) -> Int {
        guard difference > 1e-8 else { return 0 }
        return min(Sums.binCount - 1, 1 + Int((log10(difference) + 8) * 20))
    }

    private static func upperEdge(_ bin: Int) -> Double { min(1, pow(10, Double(bin) / 20 - 8)) }
}
