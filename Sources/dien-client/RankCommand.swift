import ArgumentParser
import Files
import Messages
import RankingClient

/// `dien-client rank`.
struct RankCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rank",
        abstract: "Ranks candidate items for one user.",
        discussion: #"""
            The user is described by --user and --history, or by any features of the
            model: --profile name=value, --history name=1,2,3 and so on, each as often
            as needed. Values that are not numbers are sent as texts; double quotes
            make a text of a number. Features that the model derives (an item's
            category) may be left out.

            --request reads the columns from JSON instead: an object, or several, one
            a line, as golden.jsonl has them:
              {"profile": {"user": [7]},
               "history": {"item": [149, 150]}, "candidates": {"item": [153]}}

            EXAMPLES
              dien-client rank --model sports --user 7 \
                --history 149,150,151 --candidates 153,1110,10021
              dien-client rank --alias challenger --request request.json --top-k 5
              dien-client rank --model sports --history 149,150,151 \
                --candidates 153,1110 --top-attention 2
              dien-client rank --model news --profile country=de \
                --candidates 4,5 --context hour=23 --json
              head -1 golden.jsonl | dien-client rank --model sports --request -
            """#)

    @OptionGroup var connection: ConnectionOptions

    @OptionGroup var model: ModelOptions

    @Option(help: ArgumentHelp("Short for --profile user=<id>.", valueName: "id"))
    var user: String?

    @Option(help: ArgumentHelp("A feature of the user.", valueName: "name=value"))
    var profile: [FeatureArgument] = []

    @Option(
        help: ArgumentHelp(
            "Behaviours, oldest first; items unless a name is given.", valueName: "[name=]1,2,3"))
    var history: [FeatureArgument] = []

    @Option(help: ArgumentHelp("What to rank; items unless a name is given.", valueName: "[name=]4,5,6"))
    var candidates: [FeatureArgument] = []

    @Option(help: ArgumentHelp("A feature of the moment.", valueName: "name=value"))
    var context: [FeatureArgument] = []

    @Option(help: ArgumentHelp("Read the columns from a JSON file; - is stdin.", valueName: "file"))
    var request: String?

    @Option(help: ArgumentHelp("Show only the best.", valueName: "count"))
    var topK: UInt32 = 0

    @Option(help: ArgumentHelp("Show for each candidate what its score looked at most.", valueName: "count"))
    var topAttention: UInt32 = 0

    @Option(help: ArgumentHelp("Names the request in logs and feedback.", valueName: "text"))
    var requestID = ""

    @Option(help: ArgumentHelp("What experiments assign by: a stable key of the user.", valueName: "text"))
    var routingKey = ""

    @Flag(help: "Print JSON, one object a request.")
    var json = false

    func validate() throws {
        let hasColumns = user != nil || !(profile + history + candidates + context).isEmpty
        if request != nil, hasColumns {
            throw ValidationError(
                "--request already has the columns; leave out --user, --profile, --history, …")
        }
        if request == nil, candidates.isEmpty {
            throw ValidationError("give --candidates 4,5,6 or --request <file>")
        }
        for argument in profile + context where argument.name == nil {
            throw ValidationError("--profile and --context want name=value")
        }
    }

    func run() async throws {
        let requests = try requests()
        try await connection.withClient { client in
            for request in requests {
                let start = ContinuousClock.now
                let response = try await client.rank(request, deadline: connection.deadline)
                let report = RankReport(request: request, response: response, roundTrip: .now - start)
                StandardStream.output.writeLine(json ? try report.json() : report.text)
            }
        }
    }

    private func requests() throws -> [RankRequest] {
        guard let path = request else { return [ranking(of: try columns())] }
        return try RequestDocument.read(path: path).map(ranking)
    }

    private func ranking(of document: RequestDocument) -> RankRequest {
        RankRequest(
            model: model.spec, requestID: requestID,
            routingKey: routingKey, profile: document.profile, history: document.history,
            candidates: document.candidates, context: document.context, topK: topK,
            topAttention: topAttention)
    }

    private func columns() throws -> RequestDocument {
        var profile = profile.map { $0.column(named: "") }
        if let user {
            guard !user.isEmpty, let argument = FeatureArgument(argument: "user=\(user)") else {
                throw ValidationError("--user wants an id")
            }
            profile.insert(argument.column(named: "user"), at: 0)
        }
        return RequestDocument(
            profile: profile, history: history.map { $0.column(named: "item") },
            candidates: candidates.map { $0.column(named: "item") },
            context: context.map { $0.column(named: "") })
    }
}
