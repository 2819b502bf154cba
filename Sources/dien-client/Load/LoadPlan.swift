import GRPC
import Messages
import RankingClient

/// Everything that a load is made of, checked.
struct LoadPlan {
    /// What makes calls start.
    enum Mode: Equatable {
        /// So many callers, each of which waits for its answer.
        case closed(concurrency: Int)
        /// So many calls a second, whatever becomes of them.
        case open(rate: Double, isPoisson: Bool, maximumInFlight: Int)
    }

    var server: ServerAddress
    var model: ModelSpec
    var mode: Mode
    var connections: Int
    var threads: Int
    /// Nanoseconds.
    var warmup, duration: UInt64
    var deadline: Duration
    var seed: UInt64
    var requests: RequestSource.Kind

    /// How many calls there will be, where a list is sent once.
    var calls: Int? {
        if case .list(let list, once: true) = requests { list.count } else { nil }
    }

    /// When calls cease to start, from the begin of the load.
    var end: UInt64 { warmup + duration }

    func source(share: Int) -> RequestSource { RequestSource(requests, share: share, of: threads) }

    /// What worker `share` of `threads` does of it.
    func pacer(share: Int) -> Pacer {
        switch mode {
        case .closed(let concurrency):
            return Pacer(.callers(part(of: concurrency, share)), end: end)
        case .open(let rate, let isPoisson, let limit):
            let schedule = ArrivalSchedule(
                rate: rate, spacing: isPoisson ? .poisson(seed: seed) : .even, share: share, of: threads)
            return Pacer(.arrivals(schedule, limit: max(1, part(of: limit, share))), end: end)
        }
    }

    /// The connections of worker `share`.
    func connections(share: Int) -> Int { part(of: connections, share) }

    private func part(of count: Int, _ share: Int) -> Int {
        count / threads + (share < count % threads ? 1 : 0)
    }
}
