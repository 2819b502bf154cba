import ArgumentParser
import Files
import Foundation
import Messages

/// `dien-client load`.
struct LoadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load",
        abstract: "Puts a server under load and measures latencies.",
        discussion: #"""
            Closed loop (without --rate): callers who wait for their answers; shows what
            the server can do at most. Open loop (--rate): calls start by the clock, as
            users come; their latency counts from the moment at which they were meant to
            start, so that a stall counts for every call that it held up (no coordinated
            omission). `service` is the time from sending alone.

            Latencies are of calls that were answered or ran out of time. The summary
            says how busy this program was and how late it sent calls: where it was short
            of time itself it says so, and the figures are not the server's.

            Without --requests the requests are made up from --seed: one user with
            --history behaviours against --candidates items, drawn from --ids by
            popularity. Feature names are user and item. --requests takes a request log of
            a server too (`dien-server --request-log`): its requests as they came, without
            their ids.

            Ctrl-C ends the load and prints what there is; a second one ends at once.

            EXAMPLES
              dien-client load --concurrency 8 --connections 2
              dien-client load --rate 200 --arrivals poisson --html load.html
              dien-client load --rate 50 --requests golden.jsonl --json
              dien-client load --requests golden.jsonl --once --alias challenger
              dien-client load --rate 500 --requests /var/log/dien --last 20000
              dien-client load --rate 100 --history 10-100 --candidates 5-500 \
                --skew 1.1 --ids 1-18000 --users 1000 --allow-errors 0.1%

            It exits with 0, with 1 when more calls failed than --allow-errors, with 2 when
            it is called wrongly, with 130 after Ctrl-C.
            """#)

    @OptionGroup(title: "Load") var pacing: PacingOptions
    @OptionGroup(title: "Requests") var content: LoadRequestOptions
    @OptionGroup(title: "Server") var connection: ConnectionOptions

    @Option(
        help: ArgumentHelp(
            "What random numbers begin from; printed. (default: another each time)", valueName: "number"))
    var seed: UInt64?

    @Option(
        help: ArgumentHelp("How many calls may fail: a count, or a share such as 0.1%.", valueName: "count"))
    var allowErrors = ErrorAllowance.count(0)

    @Option(
        help: ArgumentHelp("Write a report with plots to this file, as a page of its own.", valueName: "file")
    )
    var html: String?

    @Flag(help: "Print JSON, one object.")
    var json = false

    func run() async throws {
        let plan = try plan()
        // A report that can not be written should be known before the load, not after it.
        if let html { try write(Data(), to: html) }
        StopSignals.note()
        let result = try await LoadRun(plan: plan).perform()
        if let html { try write(Data(LoadReport(result: result).html.utf8), to: html) }
        StandardStream.output.writeLine(json ? try result.json() : result.text)
        if let signal = result.signal { throw ExitCode(128 + signal) }
        let missed = result.total.failed + result.total.unsent
        if result.calls == 0 || allowErrors.isExceeded(failed: missed, of: result.calls) { throw ExitCode(1) }
    }

    private func plan() throws -> LoadPlan {
        let seed = seed ?? UInt64.random(in: 0..<1_000_000_000)
        let model = content.model.spec
        let requests: RequestSource.Kind
        if let path = content.requests {
            requests = .list(
                try content.list(path).map { RequestSource.Prepared($0) }, once: content.once)
        } else {
            requests = .synthetic(SyntheticRequests(shape: content.shape, model: model, seed: seed))
        }
        // Once is as long as it takes.
        let week: UInt64 = 7 * 24 * 3_600_000_000_000
        return LoadPlan(
            server: connection.server, model: model, mode: pacing.mode, connections: pacing.connections,
            threads: pacing.threads, warmup: content.once ? 0 : pacing.warmup.nanoseconds,
            duration: content.once ? week : pacing.duration.nanoseconds,
            deadline: .milliseconds(connection.deadlineMs), seed: seed, requests: requests)
    }

    private func write(_ data: Data, to path: String) throws {
        do {
            try data.write(to: URL(fileURLWithPath: path))
        } catch {
            throw ValidationError("cannot write \(path): \(error.localizedDescription)")
        }
    }
}
