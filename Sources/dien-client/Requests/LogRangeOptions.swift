import ArgumentParser
import RequestLog

/// Which part of a request log is meant: the same for every subcommand that reads one.
struct LogRangeOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Of a request log: from this time on: 2026-11-24T10:55:00Z, or 15m ago.", valueName: "time"))
    var since: LogTime?

    @Option(help: ArgumentHelp("Before this time.", valueName: "time"))
    var until: LogTime?

    @Option(help: ArgumentHelp("Only the newest.", valueName: "count"))
    var last: Int?

    func validate() throws {
        if let last, last < 1 { throw ValidationError("--last is \(last); give 1 or more") }
        if let since, let until, since.unixMilliseconds >= until.unixMilliseconds {
            throw ValidationError("--since has to be before --until")
        }
    }

    /// Whether something is asked for.
    var isGiven: Bool { since != nil || until != nil || last != nil }

    var filter: RequestLogFilter {
        var filter = RequestLogFilter()
        filter.time = (since?.unixMilliseconds ?? 0)..<(until?.unixMilliseconds ?? .max)
        filter.newest = last
        return filter
    }
}
