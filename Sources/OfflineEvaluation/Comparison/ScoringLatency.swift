internal import DIEN
public import Experiment
internal import Files

/// How long two models take for the same requests, on one thread, turn by turn: in time of the processor, so that what else
/// runs on the machine does not count.
public struct ScoringLatency: Sendable {
    /// Seconds a sample of each timed request, one list a model, in the same order.
    public let seconds: [[Double]]
    /// Candidates of the timed requests, on average.
    public let meanCandidates: Double

    /// Times of requests, which had so many candidates. Precondition: two models, as many times of each, at least one.
    public init(seconds: [[Double]], meanCandidates: Double) {
        precondition(
            seconds.count == 2 && seconds[0].count == seconds[1].count && !seconds[0].isEmpty, "paired times")
        self.seconds = seconds
        self.meanCandidates = meanCandidates
        sorted = seconds.map { $0.sorted() }
    }

    private let sorted: [[Double]]

    /// Requests that were timed.
    public var requests: Int { seconds[0].count }

    /// Seconds a sample that so large a share of a model's requests does not exceed.
    public func quantile(_ share: Double, model: Int) -> Double {
        let rank = Int((share * Double(requests)).rounded(.up)) - 1
        return sorted[model][max(0, min(rank, requests - 1))]
    }

    /// The second's median over the first's.
    public var ratio: Double { quantile(0.5, model: 1) / max(quantile(0.5, model: 0), 1e-12) }

    /// The second's total over the first's, with its interval over requests.
    public var totalRatio: Estimate? {
        BucketRatio(numerators: seconds[1], denominators: seconds[0])?.estimate
    }

    /// Times requests of a split, spread evenly over it, until there are `limit` or the time is over: both models in turn,
    /// each first every other time, after some that warm caches up. Nil where there is nothing to time.
    init?(
        _ scorers: [SplitScorer], requests: [Range<Int>], limit: Int = 2000, seconds budget: Double = 10
    ) throws {
        precondition(scorers.count == 2, "two models")
        try self.init(requests: requests.count, limit: limit, seconds: budget) { request in
            let rows = scorers.compactMap { $0.requests(Array(requests[request])).first }
            guard rows.count == 2, let count = rows[0].candidates.first?.count,
                rows[1].candidates.first?.count == count
            else { return nil }
            return (count, { model in _ = try scorers[model].model.model.score(rows[model]) })
        }
    }

    /// The same of any requests: `prepare` tells how many candidates one has, and what scores it by a model; nil leaves it out.
    init?(
        requests: Int, limit: Int = 2000, seconds budget: Double = 10,
        _ prepare: (_ request: Int) throws -> (candidates: Int, score: (_ model: Int) throws -> Void)?
    ) throws {
        var seconds: [[Double]] = [[], []]
        var candidates = 0
        let step = max(1, requests / limit)
        let chosen = Array(stride(from: 0, to: requests, by: step))
        let end = MonotonicClock.nanoseconds() + UInt64(budget * 1e9)
        let warmUp = chosen.prefix(32)
        for (turn, request) in (warmUp + chosen).enumerated() {
            guard MonotonicClock.nanoseconds() < end else { break }
            guard let (count, score) = try prepare(request), count > 0 else { continue }
            var times = [0.0, 0.0]
            for model in turn % 2 == 0 ? [0, 1] : [1, 0] {
                let begin = ProcessorTime.ofThread()
                try score(model)
                times[model] = Double(ProcessorTime.ofThread() - begin) / 1e9 / Double(count)
            }
            guard turn >= warmUp.count else { continue }
            candidates += count
            for model in 0..<2 { seconds[model].append(times[model]) }
        }
        guard !seconds[0].isEmpty else { return nil }
        self.init(seconds: seconds, meanCandidates: Double(candidates) / Double(seconds[0].count))
    }
}
