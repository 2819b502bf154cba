internal import DIENMessages
public import DIEN
internal import Experiment
internal import Messages
public import RequestLog

/// Requests of a log as models take them, with what was answered, and what became of the candidates where that is known.
public struct RecordedRequests: Sendable {
    /// One request.
    public struct Request: Sendable {
        /// Its id.
        public let id: String
        /// What is scored.
        public let input: RankingInput
        /// The user, by a number; requests of one routing key have one, those without a key each their own.
        public let user: Int
        /// What was answered.
        public let scores: [Float]
        /// Digest of the version that answered.
        public let digest: String
        /// Whether the candidates that were shown were clicked, by position.
        public var clicks: [Int: Bool] = [:]
    }

    /// Those that can be read, in the order of the log.
    public private(set) var requests: [Request] = []
    /// Those that cannot.
    public private(set) var unreadable = 0

    /// Requests, of whose outcomes nothing is known.
    public init(_ logged: [LoggedRequest]) {
        var nothing = OutcomeJoin()
        self.init(logged, &nothing)
    }

    /// Requests, and the outcomes that wait for them.
    public init(_ logged: [LoggedRequest], _ outcomes: inout OutcomeJoin) {
        var users: [String: Int] = [:]
        for (number, entry) in logged.enumerated() {
            guard let request = try? RankRequest(serialized: entry.request),
                request.candidates.first?.count == entry.scores.count
            else {
                unreadable += 1
                continue
            }
            let key = request.routingKey.isEmpty ? "\u{0}\(number)" : request.routingKey
            let user = users[key] ?? users.count
            users[key] = user
            let input = RankingInput(request)
            let news = outcomes.take(ServedRequest.hash(entry.requestID), candidates: input.candidates).news
            requests.append(
                Request(
                    id: entry.requestID, input: input, user: user, scores: entry.scores, digest: entry.digest,
                    clicks: Self.clicks(news)))
        }
    }

    /// Whether anything is known of what became of candidates.
    public var haveOutcomes: Bool { requests.contains { !$0.clicks.isEmpty } }

    /// Impressions by position, and whether they were clicked. A click without an impression tells nothing.
    private static func clicks(_ news: [(position: UInt32, news: OutcomeJoin.News)]) -> [Int: Bool] {
        var clicks: [Int: Bool] = [:]
        for (position, news) in news where news.outcome.isImpression { clicks[Int(position)] = false }
        for (position, news) in news where news.outcome.isClick && clicks[Int(position)] != nil {
            clicks[Int(position)] = true
        }
        return clicks
    }
}
