import Messages
import RequestLog

/// What is sent again, in order, with the time of each request from the begin.
struct ReplaySource {
    /// Where the requests come from.
    enum Content {
        case dataset(DatasetRequests)
        case log([LoggedRequest], model: ModelSpec)
    }

    /// When requests start.
    enum Pace: Equatable {
        /// So many a second, whatever becomes of them.
        case rate(Double)
        /// As they came then, so many times as fast.
        case speed(Double)
        /// Whenever one of so many callers has its answer.
        case callers(Int)
    }

    let content: Content
    let pace: Pace
    /// Times that all of it is sent.
    let rounds: Int
    /// Requests of a round that are sent.
    let perRound: Int

    init(_ content: Content, pace: Pace, rounds: Int = 1, limit: Int? = nil) {
        self.content = content
        self.pace = pace
        self.rounds = rounds
        let all =
            switch content {
            case .dataset(let requests): requests.count
            case .log(let requests, _): requests.count
            }
        perRound = min(all, limit ?? all)
    }

    /// Requests in all.
    var count: Int { perRound * rounds }

    /// Nanoseconds from the begin at which request `number` is meant to start; nil where it waits for a caller.
    func time(_ number: Int) -> UInt64? {
        switch pace {
        case .callers: return nil
        case .rate(let rate): return UInt64(min(Double(number) / rate * 1e9, 1e18))
        case .speed(let speed):
            guard case .log(let requests, _) = content, perRound > 0 else { return 0 }
            func offset(_ index: Int) -> UInt64 {
                // Records of several threads may stand a little out of order.
                let (begin, at) = (requests[0].unixMilliseconds, requests[index].unixMilliseconds)
                return at - min(begin, at)
            }
            let (round, index) = number.quotientAndRemainder(dividingBy: perRound)
            let milliseconds = Double(round) * Double(offset(perRound - 1)) + Double(offset(index))
            return UInt64(min(milliseconds / speed * 1e6, 1e18))
        }
    }

    /// Request `number`; nil for a logged one that cannot be read. Ids are made anew by the server: the old ones name other
    /// answers.
    func request(_ number: Int) -> ReplayedRequest? {
        let index = number % perRound
        switch content {
        case .dataset(let requests): return requests.request(index)
        case .log(let requests, let model):
            let logged = requests[index]
            guard let message = RankRequest(repeating: logged, for: model) else { return nil }
            return ReplayedRequest(message: message, user: index, logged: (logged.scores, logged.digest))
        }
    }
}
