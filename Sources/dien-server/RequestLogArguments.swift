import ArgumentParser
import RequestLog
import Serving

/// Whether requests are logged, and how much of them.
struct RequestLogArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Log requests and their answers in this folder, for dien-client requests, load and replay, dien-registry compare, and warming up at the next start.",
            valueName: "folder"))
    var requestLog: String?

    @Option(help: ArgumentHelp("The share of requests that is logged.", valueName: "percent"))
    var requestLogShare = 10.0

    @Option(
        help: ArgumentHelp("How large the folder may grow; the oldest files go first.", valueName: "bytes"))
    var requestLogBytes: UInt64 = 1_000_000_000

    @Option(help: ArgumentHelp("How large one file of it may grow.", valueName: "bytes"))
    var requestLogFileBytes: UInt64 = 64_000_000

    func validate() throws {
        guard (0...100).contains(requestLogShare) else {
            throw ValidationError("--request-log-share is \(requestLogShare); give 0 to 100 percent")
        }
        guard requestLogFileBytes >= 4096, requestLogBytes / 2 >= requestLogFileBytes else {
            throw ValidationError(
                "--request-log-bytes has to be at least twice --request-log-file-bytes, and that at least 4096"
            )
        }
    }

    /// Nil where nothing is logged.
    var configuration: RequestLogConfiguration? {
        guard let requestLog else { return nil }
        var configuration = RequestLogConfiguration(folder: requestLog)
        configuration.options = RequestLogOptions(
            share: requestLogShare / 100, totalBytes: requestLogBytes, fileBytes: requestLogFileBytes)
        return configuration
    }
}
