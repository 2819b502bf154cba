import ArgumentParser
import GRPC
import RankingClient

/// Which server is called, and how long it may take: the same for every subcommand.
struct ConnectionOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The server's address.", valueName: "host:port"))
    var server = ServerAddress(host: "127.0.0.1")

    @Option(help: ArgumentHelp("How long a call may take, connecting included.", valueName: "milliseconds"))
    var deadlineMs = 2_000

    func validate() throws {
        guard (1...3_600_000).contains(deadlineMs) else {
            throw ValidationError("--deadline-ms is \(deadlineMs); give 1 to 3600000")
        }
    }

    /// The deadline of a call that starts now.
    var deadline: Deadline { .after(.milliseconds(deadlineMs)) }

    /// Runs `body` with a client, and closes it.
    func withClient(_ body: (RankingClient) async throws -> Void) async throws {
        let client = RankingClient(address: server)
        do {
            try await body(client)
        } catch {
            await client.close()
            throw error
        }
        await client.close()
    }
}

extension ServerAddress: @retroactive ExpressibleByArgument {
    /// Reads an address as `ServerAddress.init(_:)` does.
    public init?(argument: String) { self.init(argument) }

    /// How `--help` shows the default.
    public var defaultValueDescription: String { description }
}
