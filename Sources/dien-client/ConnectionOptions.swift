import ArgumentParser
import GRPC
import RankingClient

/// Which server is called, and how long it may take: the same for every subcommand.
struct ConnectionOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The server's address. (default: 127.0.0.1:50051)", valueName: "host:port"),
        transform: { text in
            guard let address = ServerAddress(text) else { throw ValidationError("host:port is expected") }
            return address
        })
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
