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

    @OptionGroup var range: LogRangeOptions

    var filter: RequestLogFilter {
        var filter = range.filter
        filter.model = model
        filter.version = version
        filter.arm = arm
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
