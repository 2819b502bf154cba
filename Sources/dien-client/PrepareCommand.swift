import ArgumentParser
import Files
import Messages
import RankingClient

/// `dien-client prepare`.
struct PrepareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prepare",
        abstract: "Has a server compute a user's state before there are candidates.",
        discussion: #"""
            The state depends on the history alone, and a rank with the same history
            finds it there. Give the model, version and routing key of that rank.

            --request reads the history from JSON, as rank reads its columns; what
            else is there is left aside.

            EXAMPLES
              dien-client prepare --model sports --history 149,150,151
              dien-client prepare --model sports --routing-key user-7 \
                --history item=149,150 --history category=3,3 --json
              dien-client prepare --model sports --request request.json
            """#)

    @OptionGroup var connection: ConnectionOptions

    @OptionGroup var model: ModelOptions

    @Option(
        help: ArgumentHelp(
            "Behaviours, oldest first; items unless a name is given.", valueName: "[name=]1,2,3"))
    var history: [FeatureArgument] = []

    @Option(help: ArgumentHelp("Read the history from a JSON file; - is stdin.", valueName: "file"))
    var request: String?

    @Option(help: ArgumentHelp("Names the request in logs.", valueName: "text"))
    var requestID = ""

    @Option(help: ArgumentHelp("The routing key that the rank will have.", valueName: "text"))
    var routingKey = ""

    @Flag(help: "Print JSON, one object a request.")
    var json = false

    func validate() throws {
        guard (request == nil) != history.isEmpty else {
            throw ValidationError("give --history 1,2,3 or --request <file>, one of them")
        }
    }

    func run() async throws {
        let histories =
            try request.map { try RequestDocument.read(path: $0).map(\.history) }
            ?? [history.map { $0.column(named: "item") }]
        try await connection.withClient { client in
            for history in histories {
                let start = ContinuousClock.now
                let response = try await client.prepare(
                    PrepareRequest(
                        model: model.spec, requestID: requestID, routingKey: routingKey, history: history),
                    deadline: connection.deadline)
                let report = PrepareReport(response: response, roundTrip: .now - start)
                StandardStream.output.writeLine(json ? try report.json() : report.text)
            }
        }
    }
}
