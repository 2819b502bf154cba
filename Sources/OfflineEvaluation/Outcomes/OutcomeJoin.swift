internal import DIEN
public import Datasets
internal import Experiment

/// Outcomes by the request that they are about, waiting for a log to tell of it. They take memory, requests do not: of a log
/// that is read once, in whatever order, each finds its own.
public struct OutcomeJoin: Sendable {
    /// News of one candidate.
    struct News: Sendable {
        /// Its position; nil where the item names it.
        var position: UInt32?
        /// Its identifier.
        var item: String?
        /// What is told; its probability is not known yet.
        var outcome: Outcome
        /// When it happened; nil where that is not told.
        var unixMilliseconds: UInt64?
    }

    private var waiting: [UInt64: [News]] = [:]
    /// Lines without a request: a token that is none.
    public private(set) var unreadableTokens = 0

    /// Nothing waits.
    public init() {}

    /// A line of somebody's log. The token names its request whoever signed it: that the request was served, the request log
    /// tells.
    public mutating func add(_ line: OutcomeLine) {
        guard
            let request = line.requestID.map(ServedRequest.hash)
                ?? line.token.flatMap(RequestSigner.requestHash(ofUnverified:))
        else {
            unreadableTokens += 1
            return
        }
        let outcome = Outcome(
            probability: 0, isImpression: line.isImpression, isClick: line.isClick,
            isConversion: line.isConversion, revenue: line.revenue, cost: line.cost)
        waiting[request, default: []].append(
            News(
                position: line.position, item: line.item, outcome: outcome,
                unixMilliseconds: line.unixMilliseconds))
    }

    /// Takes what waits for a request, in the order in which it happened.
    ///
    /// - Parameter candidates: the request's, by which items are found.
    /// - Returns: news by position; and the events of candidates that the request does not have.
    mutating func take(
        _ request: UInt64, candidates: [FeatureColumn]
    ) -> (news: [(position: UInt32, news: News)], unmatched: Int) {
        guard let found = waiting.removeValue(forKey: request) else { return ([], 0) }
        let items = candidates.first?.values
        let count = items?.count ?? 0
        var matched: [(position: UInt32, news: News)] = []
        var unmatched = 0
        for news in found {
            let position =
                news.position
                ?? (0..<count).first { index in news.item == items?.text(index) }.map(UInt32.init)
            if let position, position < count {
                matched.append((position, news))
            } else {
                unmatched += max(1, news.outcome.kinds.count)
            }
        }
        // Stable: without times the order of the lines stands.
        let order = matched.indices.sorted {
            let (one, two) = (matched[$0].news.unixMilliseconds ?? 0, matched[$1].news.unixMilliseconds ?? 0)
            return one != two ? one < two : $0 < $1
        }
        return (order.map { matched[$0] }, unmatched)
    }

    /// Events that still wait.
    public var waitingEvents: Int {
        waiting.values.reduce(0) { $0 + $1.reduce(0) { $0 + max(1, $1.outcome.kinds.count) } }
    }
}
