/// How long an arm's version may score before the champion answers in its place.
public enum CandidateBudget: Sendable, Equatable {
    /// Some times what the champion takes, by its own histogram.
    case automatic
    /// This long.
    case fixed(Duration)

    /// What the champion's p99 is multiplied by.
    static let factor = 4
    /// The automatic budget's limits.
    static let shortest = Duration.milliseconds(10)
    static let longest = Duration.seconds(1)
    /// The automatic budget while the champion has answered fewer requests than `leastRequests`.
    static let unknown = Duration.milliseconds(100)
    static let leastRequests: UInt64 = 100

    /// The budget, by what the champion's scoring took until now.
    func limit(champion: DurationHistogram.Counts) -> Duration {
        switch self {
        case .fixed(let duration): duration
        case .automatic:
            champion.count < Self.leastRequests
                ? Self.unknown
                : min(max(champion.quantile(0.99) * Self.factor, Self.shortest), Self.longest)
        }
    }
}

/// Until when an arm's version may score a request, so that the caller still gets the champion's answer where it does not
/// come to an end.
struct ScoringWindow: Sendable, Equatable {
    /// The moment at which it is abandoned.
    let end: ContinuousClock.Instant

    /// Nil where the caller's deadline leaves no time for both: the champion is to answer at once.
    ///
    /// - Parameters:
    ///   - budget: of the arm's version.
    ///   - champion: what the champion takes: usually, and nearly always.
    init?(
        from start: ContinuousClock.Instant, budget: Duration, deadline: ContinuousClock.Instant?,
        champion: (usual: Duration, most: Duration)
    ) {
        guard let deadline else {
            end = start + budget
            return
        }
        end = min(start + budget, deadline - champion.most)
        guard end - start >= min(champion.usual, budget) else { return nil }
    }
}

extension DurationHistogram.Counts {
    /// Observations.
    var count: UInt64 { buckets.reduce(0, +) }

    /// The duration that this share of observations does not exceed, evenly spread within its bucket; what is beyond every
    /// bound counts as the last. Zero without observations.
    func quantile(_ share: Double) -> Duration {
        let rank = share * Double(count)
        var (below, lower) = (0.0, 0.0)
        for (inBucket, bound) in zip(buckets, bounds) {
            if inBucket > 0, below + Double(inBucket) >= rank {
                let part = (rank - below) / Double(inBucket)
                return .nanoseconds(Int64(lower + part * (Double(bound) - lower)))
            }
            below += Double(inBucket)
            lower = Double(bound)
        }
        return count == 0 ? .zero : .nanoseconds(Int64(bounds.last ?? 0))
    }
}
