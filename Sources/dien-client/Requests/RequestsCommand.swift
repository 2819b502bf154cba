import ArgumentParser
import Charts
import Files
import RequestLog
import Terminal

/// `dien-client requests`.
struct RequestsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "requests",
        abstract: "Reads a server's request log.",
        discussion: #"""
            Reads a folder that `dien-server --request-log` writes, or one file of it,
            also while the server writes. Without --json it sums up: versions, arms,
            latencies, sizes. With --json it prints a request a line, oldest first.

            EXAMPLES
              dien-client requests requests
              dien-client requests requests --since 15m --arm candidate
              dien-client requests requests --json --last 100 | jq .scores
              dien-client requests requests --json --summary

            JSON, a line a request: {"arm":…,"assigned_arm":…,"candidates":{…},
            "context":{…},"digest":…,"epoch":…,"experiment":…,"history":{…},"model":…,
            "profile":{…},"request_id":…,"routing_key":…,"scores":[…],
            "scoring_microseconds":…,"time":…,"total_microseconds":…,"version":…}

            It exits with 0, also when the last record is torn, as a crash or a running
            server leaves it; with 1 when anything else is damaged, which is told on
            stderr; with 2 when it is called wrongly.
            """#)

    @Argument(help: "The log's folder, or one file of it.", completion: .file())
    var log: String

    @OptionGroup(title: "Which requests") var wanted: RequestFilterOptions

    @Flag(help: "Print JSON, one object a request.")
    var json = false

    @Flag(help: "With --json: one object that sums up.")
    var summary = false

    func validate() throws {
        if summary, !json { throw ValidationError("--summary is what is printed without --json") }
    }

    func run() throws {
        let scan = try Self.scan(log)
        let sums = json && !summary ? try printRequests(scan) : try sumUp(scan)
        if let sums { StandardStream.output.writeLine(json ? try sums.json() : sums.text) }
        for finding in scan.findings {
            StandardStream.error.writeLine("dien-client: \(finding.file): \(finding.description)")
        }
        if scan.findings.contains(where: { !$0.isTorn }) { throw ExitCode(1) }
    }

    /// Opens a log; what is no log is a mistake of the caller.
    static func scan(_ path: String) throws -> RequestLogScan {
        do { return try RequestLogScan(path) } catch { throw ValidationError("\(path): \(error)") }
    }

    private func printRequests(_ scan: RequestLogScan) throws -> RequestSummary? {
        StopSignals.note()
        let filter = wanted.filter
        guard filter.newest == nil else {
            for request in try reading({ try scan.requests(filter, progress: show) }) { try write(request) }
            return nil
        }
        while StopSignals.pending == nil, let request = try reading({ try scan.nextRequest(filter) }) {
            try write(request)
        }
        return nil
    }

    private func write(_ request: LoggedRequest) throws {
        guard let line = try LoggedRequestDocument(request)?.line else { return }
        StandardStream.output.writeLine(line)
    }

    private func sumUp(_ scan: RequestLogScan) throws -> RequestSummary {
        StopSignals.note()
        let filter = wanted.filter
        var sums = RequestSummary()
        if filter.newest != nil {
            for request in try reading({ try scan.requests(filter, progress: show) }) { sums.add(request) }
        } else {
            while StopSignals.pending == nil, let request = try reading({ try scan.nextRequest(filter) }) {
                sums.add(request)
                if sums.requests % 1024 == 0 { show(scan) }
            }
        }
        ProgressBar.shared.show("requests", done: 1, total: 1) { _ in "" }
        sums.files = scan.files.count
        sums.bytes = scan.size
        sums.share = scan.share
        return sums
    }

    /// A file that is no log, and a disk that fails, in this command's words.
    private func reading<Value>(_ body: () throws -> Value) throws -> Value {
        do { return try body() } catch { throw ValidationError("\(log): \(error)") }
    }

    private func show(_ scan: RequestLogScan) {
        ProgressBar.shared.show("requests", done: scan.offset, total: scan.size) { seconds in
            "\(NumberText.count(Int(scan.offset >> 20))) of \(NumberText.count(Int(scan.size >> 20))) MiB, "
                + "\(ProgressBar.timeLeft(done: scan.offset, total: scan.size, seconds: seconds)) left"
        }
    }
}
