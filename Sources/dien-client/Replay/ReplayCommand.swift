import ArgumentParser
import Datasets
import Files
import GRPC
import Messages
import RankingClient

/// `dien-client replay`.
struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Sends a data set's users, or a log's requests, through a running server.",
        discussion: #"""
            Of a prepared data set (`dien-train prepare`) each user of the split is one
            request: the history, the split's items as candidates, and the routing key
            user-<number>, by which a running split assigns them. When it is answered, all
            candidates are reported as shown, and those with a label of 1 as clicked, so
            that `dien-registry judge` can tell the arms apart. Only one arm sees a user:
            it is an experiment on these users. Replayed again under another --key-prefix
            users are assigned anew, and intervals are of these users and of nobody else.

            Of a request log (`dien-server --request-log`) requests are sent as they came,
            without their ids; answers of the version that answered then are compared
            with the log to the bit. Nothing is reported.

            Requests start by the clock, or with --concurrency when a caller has its
            answer. Latency counts from the moment at which a request was meant to start,
            so that a stall counts for every request that it held up; `service` from the
            moment at which it was sent.

            It prints, arm by arm, what it was answered: AUC, log loss and calibration
            with their intervals over users, by the scores that it received.

            EXAMPLES
              dien-client replay data/sports --model sports --rate 200
              dien-client replay data/sports --negatives 8 --concurrency 8 --json
              dien-client replay requests --speed 10
              dien-client replay requests --rate 50 --alias challenger --last 1000

            It exits with 0, with 1 when a call or a report failed, with 2 when it is called
            wrongly, with 130 after Ctrl-C, which ends it with what is under way reported,
            and prints what there is; a second one ends at once.
            """#)

    @Argument(help: "A prepared data set's folder, or a request log.", completion: .file())
    var source: String

    @OptionGroup(title: "How fast") var pacing: ReplayPacingOptions
    @OptionGroup(title: "Of a data set") var data: ReplayDataOptions
    @OptionGroup(title: "Of a request log") var range: LogRangeOptions
    @OptionGroup(title: "Who answers") var model: ModelOptions
    @OptionGroup(title: "Server") var connection: ConnectionOptions

    @Flag(help: "Print JSON, one object.")
    var json = false

    func run() async throws {
        StopSignals.note()
        let source = try prepare()
        var outcome: ReplayRun.Outcome?
        try await connection.withClient { client in
            try await check(client)
            outcome = await ReplayRun(
                client: client, source: source, deadline: .milliseconds(connection.deadlineMs),
                maximumInFlight: pacing.maxInFlight, reports: data.feedback
            ).perform()
        }
        guard let outcome else { return }
        let result = ReplayResult(outcome, planned: source.count)
        StandardStream.output.writeLine(json ? try result.json() : result.text)
        if let signal = outcome.signal { throw ExitCode(128 + signal) }
        if result.isFailure { throw ExitCode(1) }
    }

    /// A data set is a folder with dataset.json; everything else is a request log.
    private func prepare() throws -> ReplaySource {
        let isLog = !LocalFileSystem().exists("\(source)/\(Dataset.FileName.description)")
        let content: ReplaySource.Content
        if isLog {
            if let option = data.misplaced { throw ValidationError("\(option) is of a data set") }
            guard LoggedRequests.isLog(source) else {
                throw ValidationError("\(source): neither a prepared data set nor a request log")
            }
            content = .log(try LoggedRequests.read(source, range.filter), model: model.spec)
        } else {
            guard !range.isGiven else {
                throw ValidationError("--since, --until and --last are of a request log")
            }
            do throws(any Error) {
                content = .dataset(try data.requests(source, model: model.spec))
            } catch let error as DatasetError { throw ValidationError("\(error)") }
        }
        let replay = ReplaySource(
            content, pace: try pacing.pace(isLog: isLog), rounds: pacing.rounds, limit: pacing.limit)
        guard replay.count > 0 else { throw ValidationError("\(source): there is no request to send") }
        return replay
    }

    /// That nobody is there should be known before the replay. Any answer will do, also that of a server without health checks.
    private func check(_ client: RankingClient) async throws {
        do throws(RPCError) {
            _ = try await client.checkHealth(deadline: connection.deadline)
        } catch {
            guard error.code != .unimplemented, error.code != .notFound else { return }
            throw error
        }
    }
}
