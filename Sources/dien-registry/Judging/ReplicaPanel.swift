import Experiment
import GRPC
import RankingClient

/// The replicas that are asked for their counters, each over a connection that is kept.
final class ReplicaPanel: Sendable {
    private let clients: [RankingClient]
    private let timeout: Duration

    /// A panel of these servers; each answers within `timeout` or counts as silent.
    init(_ addresses: [ServerAddress], timeout: Duration) {
        clients = addresses.map { RankingClient(address: $0) }
        self.timeout = timeout
    }

    /// What each says of a model, in the order of the addresses, all asked at once.
    func ask(about model: String) async -> [(replica: String, answer: Hearing.Answer)] {
        await withTaskGroup(of: (Int, Hearing.Answer).self) { group in
            for (index, client) in clients.enumerated() {
                group.addTask { [timeout] in
                    do throws(RPCError) {
                        return (
                            index, .tally(try await client.counters(of: model, deadline: .after(timeout)))
                        )
                    } catch {
                        return (index, .silence("\(error)"))
                    }
                }
            }
            var answers = [Hearing.Answer](repeating: .silence("not asked"), count: clients.count)
            for await (index, answer) in group { answers[index] = answer }
            return zip(clients, answers).map { ("\($0.address)", $1) }
        }
    }

    /// Ends the connections.
    func close() async {
        for client in clients { await client.close() }
    }
}
