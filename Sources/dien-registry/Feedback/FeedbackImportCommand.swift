import ArgumentParser
import Datasets
import Experiment
import Files
import ModelRegistry
import OfflineEvaluation
import RequestLog
import Terminal

/// `dien-registry feedback import`.
struct FeedbackImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Join files of outcomes to the request logs of servers, as counters for `judge`.",
        discussion: """
            For those who have impressions and clicks in files rather than call Feedback.Report. Each line tells of an item \
            that was ranked for a request; the request log (`dien-server --request-log`) tells who answered it, with which \
            score, and the registry which arm that was. What comes of it are counters as a server keeps them, and `judge` \
            adds them to those of the servers.

            FILES are JSON lines, CSV or TSV, gzip or not, told apart by their first line; tables name their columns in it:
              request_id, or token   as the server answered: RankResponse.request_id, or feedback_token in base64
              position, or item      from 0, or the identifier of the candidates' first feature
              impression, click, conversion   1 or 0, true or false; of files without them --event says what a line tells
              revenue, cost          amounts
              time                   seconds or milliseconds since 1970: when it happened; without it, it came in time
            Fields with other names are passed over. Malformed lines are counted, the first ten are told on standard error.

            An event counts once, and when it happened within the attribution window of its request; requests whose window \
            is still open are told apart and judged later, when the import is repeated. Servers count requests and units \
            themselves, so these are left out unless --count-requests is given, for servers that are not heard any more. Where \
            servers take feedback by Feedback.Report too, give each event to one of both.

            EXAMPLES
              dien-registry feedback import clicks.jsonl shown.csv.gz --requests /var/log/dien --output counters.json
              dien-registry judge sports --from counters.json ranker-1:50051 ranker-2:50051
              dien-registry feedback import clicks.tsv --event click --requests log-1 log-2 --count-requests \
            --output counters.json

            JSON: {"arms":[{"arm":…,"clicks":…,"experiment":…,"impressions":…,"model":…,"open":…,"version":…},…],\
            "events":{"accepted":…,"duplicate":…,"early":…,"invalid":…,"late":…,"unmatched":…},"lines":…,\
            "malformed":{"count":…,"first":[{"file":…,"line":…,"reason":…},…]},"output":…,"requests":…,"unreadable":…}

            EXIT STATUS
              0 written · 2 usage · 4 a line is malformed and --strict is given, or the registry is damaged · 5 input or \
            output failed
            """)

    @Argument(help: "Files of outcomes.", completion: .file())
    var files: [String]

    @Option(
        parsing: .upToNextOption, help: "The request logs of all servers: folders, or files of them.",
        completion: .file())
    var requests: [String]

    @Option(help: "The file of counters that is written.", completion: .file(extensions: ["json"]))
    var output: String

    @Option(
        help: "What a line tells that does not say so: impression, click or conversion.",
        transform: event(argument:))
    var event: OutcomeLine.Event?

    @Option(
        help: ArgumentHelp(
            "How long after its request an outcome counts: that of the servers.", valueName: "seconds"))
    var attributionWindow = 3600

    @Flag(help: "Count the log's requests, units and fallbacks too: for servers that are not heard.")
    var countRequests = false

    @Flag(help: "End at the first malformed line.")
    var strict = false

    @OptionGroup var reading: ReadingOptions

    func validate() throws {
        guard (1...31_536_000).contains(attributionWindow) else {
            throw ValidationError("--attribution-window is 1 to 31536000 seconds")
        }
        guard !requests.isEmpty else { throw ValidationError("--requests names the request logs") }
    }

    func run() throws {
        let registry = try reading.open()
        var arms = LoggedArms(registry)
        var reader = OutcomeReader()
        (reader.event, reader.isStrict) = (event, strict)
        var join = OutcomeJoin()
        for file in files {
            try reader.read(file, progress: ProgressBar.shared.show(reading: file)) { join.add($0) }
            ProgressBar.shared.finish(file)
        }
        Diagnostics.tell(reader.malformed)
        var counted = OutcomeImport(
            windowMilliseconds: UInt64(attributionWindow) * 1000, countsRequests: countRequests)
        for path in requests {
            let scan = try RequestLogScan(path)
            while let logged = try scan.nextRequest(RequestLogFilter()) {
                try counted.take(logged, &join) { logged, key throws(RegistryError) in
                    try arms.facts(of: logged, routingKey: key)
                }
                if counted.requests % 1024 == 0 { ProgressBar.shared.show(scan: scan) }
            }
            ProgressBar.shared.finish("requests")
            Diagnostics.tell(scan.findings)
        }
        let tally = counted.tally(
            now: WallClock.unixMilliseconds(), unmatched: join.waitingEvents + join.unreadableTokens,
            program: "feedback import")
        try SavedCounters([(replica: Self.name(output), answer: .tally(tally))], time: WallClock.now())
            .write(to: output)
        let report = FeedbackImportReport(
            tally, requests: counted.requests, unreadable: counted.unreadable, lines: reader.count,
            malformed: reader.malformed, output: output)
        try Output.print(json: reading.json, report, text: report.text)
    }

    /// Who said it, for a verdict's evidence: the file, without the folders of this machine.
    private static func name(_ path: String) -> String {
        "import " + (path.split(separator: "/").last.map(String.init) ?? path)
    }

    private static func event(argument: String) throws -> OutcomeLine.Event {
        guard let event = OutcomeLine.Event(rawValue: argument) else {
            throw ValidationError("--event is impression, click or conversion, not '\(argument)'")
        }
        return event
    }
}
