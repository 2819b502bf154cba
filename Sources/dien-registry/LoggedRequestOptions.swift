import ArgumentParser
import Datasets
import Files
import OfflineEvaluation
import RequestLog
import Terminal

/// The requests of a log, and what is known of their outcomes, for `compare`.
struct LoggedRequestOptions: ParsableArguments {
    @Option(
        help: "A request log's folder, or one file of it, instead of --data.", completion: .file())
    var requests: String?

    @Option(help: "How many of its requests are compared, the newest.")
    var last = 10_000

    @Option(
        parsing: .upToNextOption,
        help: "Files of outcomes for them: JSON lines, CSV or TSV, as `feedback import` reads them.",
        completion: .file())
    var feedback: [String] = []

    func validate() throws {
        guard (1...10_000_000).contains(last) else { throw ValidationError("--last is 1 to 10000000") }
        guard requests != nil || feedback.isEmpty else {
            throw ValidationError("--feedback needs --requests")
        }
    }

    /// The log's newest requests to the model, where it is a registered one, with their outcomes. What is damaged or malformed
    /// is told on standard error.
    func read(_ path: String, of model: NamedModel) throws -> RecordedRequests {
        var filter = RequestLogFilter()
        filter.newest = last
        if model.digest != nil { filter.model = model.name.split(separator: "@").first.map(String.init) }
        var join = OutcomeJoin()
        var reader = OutcomeReader()
        for file in feedback {
            try reader.read(file, progress: ProgressBar.shared.show(reading: file)) { join.add($0) }
        }
        let scan = try RequestLogScan(path)
        let requests = try scan.requests(
            filter, progress: ProgressBar.shared.show(scan:))
        ProgressBar.shared.finish(path)
        Diagnostics.tell(reader.malformed)
        Diagnostics.tell(scan.findings)
        return RecordedRequests(requests, &join)
    }
}

/// What is wrong with a part of the input, and does not stop a command: lines on standard error.
enum Diagnostics {
    static func tell(_ malformed: MalformedLines) {
        guard malformed.count > 0 else { return }
        for line in malformed.first {
            StandardStream.error.writeLine("dien-registry: \(line.path), line \(line.number): \(line.reason)")
        }
        let rest = malformed.count - malformed.first.count
        if rest > 0 { StandardStream.error.writeLine("dien-registry: and \(rest) more malformed lines") }
    }

    static func tell(_ findings: [RequestLogScan.Finding]) {
        for finding in findings {
            StandardStream.error.writeLine("dien-registry: \(finding.file): \(finding.description)")
        }
    }
}

extension ProgressBar {
    /// The line of a file that is read, by its bytes on disk.
    func show(reading file: String) -> (_ done: UInt64, _ total: UInt64) -> Void {
        { done, total in
            self.show(file, done: done, total: total) { seconds in
                "\(Output.size(done)) of \(Output.size(total))  "
                    + "\(Self.timeLeft(done: done, total: total, seconds: seconds)) left  \(file)"
            }
        }
    }

    /// The line of a request log that is read.
    func show(scan: RequestLogScan) { show(reading: "requests")(scan.offset, max(scan.size, 1)) }

    /// Takes the line away.
    func finish(_ work: String) { show(work, done: 1, total: 1) { _ in "" } }
}
