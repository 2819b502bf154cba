import ArgumentParser
import Files
import Foundation
import GRPC
import Messages
import RankingClient

/// `dien-client status`.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Shows a server's models, versions, aliases and states.",
        discussion: """
            A version that the server refuses is listed with the reason.

            EXAMPLES
              dien-client status
              dien-client status --server ranker-3:50051 --model sports
              dien-client status --json
            """)

    @OptionGroup var connection: ConnectionOptions

    @Option(help: ArgumentHelp("Only this model.", valueName: "name"))
    var model = ""

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() async throws {
        try await connection.withClient { client in
            let deadline = connection.deadline
            let models = try await client.listModels(named: model, deadline: deadline)
            let report = StatusReport(
                server: "\(client.address)", health: await health(client, deadline), models: models,
                now: Date())
            StandardStream.output.writeLine(json ? try report.json() : report.text)
        }
    }

    /// The server's health in the protocol's words; a server without the health service is still worth a report.
    private func health(_ client: RankingClient, _ deadline: Deadline) async -> String {
        do throws(RPCError) {
            switch try await client.checkHealth(deadline: deadline) {
            case .serving: return "SERVING"
            case .notServing: return "NOT_SERVING"
            case .unknown, .serviceUnknown: return "UNKNOWN"
            }
        } catch {
            return "UNKNOWN"
        }
    }
}
