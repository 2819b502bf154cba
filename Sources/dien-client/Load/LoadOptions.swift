import ArgumentParser
import Messages
import RequestLog

/// What makes calls start, and for how long.
struct PacingOptions: ParsableArguments {
    /// The distances between the starts of an open loop.
    enum Arrivals: String, ExpressibleByArgument, CaseIterable {
        case fixed, poisson
    }

    @Option(
        help: ArgumentHelp("Start so many calls a second, whatever becomes of them.", valueName: "calls/s"))
    var rate: Double?

    @Option(help: "With --rate: calls at equal distances, or at random ones as of many callers.")
    var arrivals = Arrivals.fixed

    @Option(
        help: ArgumentHelp(
            "Without --rate: so many callers in all, each of which calls again when it has its answer. (default: one a connection)",
            valueName: "callers"))
    var concurrency: Int?

    @Option(
        help: ArgumentHelp("Connections to the server, which the calls take turns on.", valueName: "count"))
    var connections = 1

    @Option(
        help: ArgumentHelp("Threads of this program; each has connections of its own.", valueName: "count"))
    var threads = 1

    @Option(
        help: ArgumentHelp(
            "With --rate: calls in progress at most; beyond it calls wait, which counts as latency.",
            valueName: "calls"))
    var maxInFlight = 1000

    @Option(help: ArgumentHelp("How long: 500ms, 10s, 5m.", valueName: "time"))
    var duration = TimeSpan(nanoseconds: 10_000_000_000)

    @Option(help: ArgumentHelp("How long before that, not measured.", valueName: "time"))
    var warmup = TimeSpan(nanoseconds: 1_000_000_000)

    func validate() throws {
        if let rate {
            guard rate.isFinite, rate > 0, rate <= 1e6 else {
                throw ValidationError("--rate is \(rate); give calls a second, up to 1000000")
            }
            guard concurrency == nil else {
                throw ValidationError("--concurrency is of a closed loop; leave it out or leave out --rate")
            }
        }
        guard rate != nil || arrivals == .fixed else {
            throw ValidationError("--arrivals poisson needs --rate")
        }
        guard (1...1000).contains(connections) else {
            throw ValidationError("--connections is \(connections); give 1 to 1000")
        }
        guard (1...connections).contains(threads) else {
            throw ValidationError(
                "--threads is \(threads); give 1 to \(connections), as many as --connections")
        }
        let callers = concurrency ?? connections
        guard (connections...100_000).contains(callers) else {
            throw ValidationError(
                "--concurrency is \(callers); give at least as many as --connections, and at most 100000")
        }
        guard (threads...100_000).contains(maxInFlight) else {
            throw ValidationError("--max-in-flight is \(maxInFlight); give \(threads) to 100000")
        }
        guard duration.nanoseconds > 0 else {
            throw ValidationError("--duration has to be more than nothing")
        }
    }

    var mode: LoadPlan.Mode {
        guard let rate else { return .closed(concurrency: concurrency ?? connections) }
        return .open(rate: rate, isPoisson: arrivals == .poisson, maximumInFlight: maxInFlight)
    }
}

/// What is asked for.
struct LoadRequestOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Send the requests of this file, JSON as of `rank --request`, or of this request log, over and over; - is stdin.",
            valueName: "file"))
    var requests: String?

    @Flag(help: "With --requests: each request once, in order; --duration and --warmup do not count.")
    var once = false

    @Option(help: ArgumentHelp("Else: how many behaviours a synthetic user has.", valueName: "n or n-m"))
    var history = NumberRange(50...50)

    @Option(help: ArgumentHelp("How many candidates a synthetic request has.", valueName: "n or n-m"))
    var candidates = NumberRange(50...50)

    @Option(
        help: ArgumentHelp("How uneven items are drawn: Zipf's exponent, 0 is even.", valueName: "exponent"))
    var skew = 1.0

    @Option(help: ArgumentHelp("The items' ids.", valueName: "from-to"))
    var ids = NumberRange(1...10_000)

    @Option(help: ArgumentHelp("The users' ids.", valueName: "from-to"))
    var userIds = NumberRange(1...10_000)

    @Option(
        help: ArgumentHelp(
            "So many different users, each with one history. (default: another in each request)",
            valueName: "count"))
    var users: UInt64?

    @OptionGroup var range: LogRangeOptions
    @OptionGroup var model: ModelOptions

    func validate() throws {
        guard requests != nil || !range.isGiven else {
            throw ValidationError("--since, --until and --last are of a request log: --requests")
        }
        guard requests != nil || !once else { throw ValidationError("--once needs --requests") }
        for (name, range) in [("--history", history), ("--candidates", candidates)]
        where range.bounds.upperBound > 100_000 {
            throw ValidationError("\(name) is \(range); give at most 100000")
        }
        guard candidates.bounds.lowerBound > 0 else {
            throw ValidationError("--candidates has to be at least 1")
        }
        guard skew.isFinite, (0...10).contains(skew) else {
            throw ValidationError("--skew is \(skew); give 0 to 10")
        }
        // The sampler counts in 53 bits.
        guard ids.bounds.upperBound - ids.bounds.lowerBound < 1 << 52 else {
            throw ValidationError("--ids spans more than 2^52 ids")
        }
        guard users != 0 else { throw ValidationError("--users has to be at least 1") }
    }

    /// The requests of a file, or of a log: its newest ones where more than fit in memory are there.
    func list(_ path: String) throws -> [RankRequest] {
        let model = self.model.spec
        guard LoggedRequests.isLog(path) else {
            guard !range.isGiven else {
                throw ValidationError("--since, --until and --last are of a request log, and \(path) is none")
            }
            return try RequestDocument.read(path: path).map { document in
                RankRequest(
                    model: model, profile: document.profile, history: document.history,
                    candidates: document.candidates, context: document.context)
            }
        }
        var filter = range.filter
        filter.newest = filter.newest ?? Self.loggedRequests
        let list = try LoggedRequests.read(path, filter).compactMap { RankRequest(repeating: $0, for: model) }
        guard !list.isEmpty else { throw ValidationError("\(path): there is no request to send") }
        return list
    }

    /// Requests of a log that are sent where --last does not say so.
    private static let loggedRequests = 100_000

    /// What a synthetic request looks like.
    var shape: SyntheticRequests.Shape {
        SyntheticRequests.Shape(
            history: history.bounds, candidates: candidates.bounds, skew: skew, items: ids.bounds,
            users: userIds.bounds, distinctUsers: users)
    }
}
