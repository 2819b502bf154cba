import ArgumentParser
import Foundation
import RequestLog

/// Which requests of a log are wanted: the same for every subcommand that reads one.
struct RequestFilterOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Only of this model.", valueName: "name"))
    var model: String?

    @Option(help: ArgumentHelp("Only those that this version answered.", valueName: "number"))
    var version: UInt64?

    @Option(help: ArgumentHelp("Only those that this arm's version answered.", valueName: "name"))
    var arm: String?

    @Option(
        help: ArgumentHelp("From this time on: 2026-11-24T10:55:00Z, or 15m ago.", valueName: "time"))
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

    var filter: RequestLogFilter {
        var filter = RequestLogFilter()
        filter.model = model
        filter.version = version
        filter.arm = arm
        filter.time = (since?.unixMilliseconds ?? 0)..<(until?.unixMilliseconds ?? .max)
        filter.newest = last
        return filter
    }
}

/// A moment on the command line: RFC 3339, or a length of time before now.
struct LogTime: ExpressibleByArgument, Equatable {
    let unixMilliseconds: UInt64

    init?(argument: String) { self.init(argument: argument, now: Date()) }

    init?(argument: String, now: Date) {
        let seconds: Double
        if let span = TimeSpan(argument: argument) {
            seconds = now.timeIntervalSince1970 - span.seconds
        } else {
            let format = ISO8601DateFormatter()
            format.formatOptions = [.withInternetDateTime]
            let precise = ISO8601DateFormatter()
            precise.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
            guard let date = format.date(from: argument) ?? precise.date(from: argument) else { return nil }
            seconds = date.timeIntervalSince1970
        }
        guard seconds >= 0 else { return nil }
        unixMilliseconds = UInt64((seconds * 1000).rounded())
    }
}
