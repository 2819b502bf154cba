public import Experiment
import ExperimentMessages
public import GRPC
public import Messages
import NIOCore

/// The ranking API for ranking tiers written in Swift: one connection, any number of calls at once.
///
/// ```swift
/// let client = RankingClient(address: ServerAddress(host: "ranker", port: 50051))
/// let response = try await client.rank(
///     RankRequest(
///         model: ModelSpec(name: "sports"), routingKey: "user-7",
///         profile: [FeatureColumn(name: "user", ids: [7])],
///         history: [FeatureColumn(name: "item", ids: [149, 150, 151])],
///         candidates: [FeatureColumn(name: "item", ids: [153, 1110, 10021])]),
///     deadline: .after(.milliseconds(20)))
/// ```
///
/// It connects when the first call comes, and again after the connection was lost. Every call throws `RPCError`;
/// cancelling the task that waits for one resets it in the server. May be used from any task.
public final class RankingClient: Sendable {
    /// The server that is called.
    public let address: ServerAddress
    private let connection: ClientConnection

    /// A client of this server. Nothing is sent yet.
    public init(address: ServerAddress, configuration: ClientConfiguration = ClientConfiguration()) {
        self.address = address
        connection = ClientConnection(host: address.host, port: address.port, configuration: configuration)
    }

    /// Scores the candidates of one request (`dien.v1.Ranking/Rank`).
    ///
    /// The response has one score for each candidate, or the call fails as INTERNAL. `metadata` goes along as header
    /// fields.
    public func rank(
        _ request: RankRequest, deadline: Deadline? = nil, metadata: Metadata = Metadata()
    ) async throws(RPCError) -> RankResponse {
        let response: RankResponse = try await call(.rank, request, deadline: deadline, metadata: metadata)
        let expected = request.candidates.first?.count ?? 0
        guard response.scores.count == expected else {
            throw RPCError(
                code: .internal, message: "\(response.scores.count) scores for \(expected) candidates")
        }
        return response
    }

    /// Computes what depends on the user's history alone, while candidates are retrieved (`dien.v1.Ranking/Prepare`).
    public func prepare(
        _ request: PrepareRequest, deadline: Deadline? = nil, metadata: Metadata = Metadata()
    ) async throws(RPCError) -> PrepareResponse {
        try await call(.prepare, request, deadline: deadline, metadata: metadata)
    }

    /// Lists the server's models, or the one of this name (`dien.v1.Models/ListModels`).
    public func listModels(
        named name: String = "", deadline: Deadline? = nil
    ) async throws(RPCError) -> ListModelsResponse {
        try await call(.listModels, ListModelsRequest(name: name), deadline: deadline)
    }

    /// Reports what became of requests that this server, or one with the same feedback key, has answered
    /// (`dien.v1.Feedback/Report`). A report that failed may be repeated.
    public func report(
        _ outcomes: [RequestOutcomes], deadline: Deadline? = nil
    ) async throws(RPCError) -> ReportResponse {
        try await call(.report, ReportRequest(outcomes: outcomes), deadline: deadline)
    }

    /// What the server has counted of its models, or of the one of this name, since it started (`dien.v1.Models/Counters`).
    /// Tallies of replicas are added up with `+`.
    ///
    /// Throws INTERNAL where the counts cannot be.
    public func counters(
        of model: String = "", deadline: Deadline? = nil
    ) async throws(RPCError) -> ServerTally {
        let response: CountersResponse = try await call(
            .counters, CountersRequest(model: model), deadline: deadline)
        do throws(TallyError) {
            return try ServerTally(response)
        } catch {
            throw RPCError(code: .internal, message: "the server's response: \(error)")
        }
    }

    /// Asks for the health of a service, or of the whole server (`grpc.health.v1.Health/Check`).
    public func checkHealth(
        of service: String = "", deadline: Deadline? = nil
    ) async throws(RPCError) -> HealthCheckResponse.ServingStatus {
        let response: HealthCheckResponse = try await call(
            .checkHealth, HealthCheckRequest(service: service), deadline: deadline)
        return response.status
    }

    /// The health of a service, or of the whole server, now and at each change (`grpc.health.v1.Health/Watch`).
    ///
    /// The sequence throws `RPCError`, and ends only with the server's stream or the reader's loop.
    public func watchHealth(of service: String = "") throws(RPCError) -> HealthUpdates {
        let message = ByteBuffer(bytes: HealthCheckRequest(service: service).serialized())
        return HealthUpdates(try connection.serverStreaming(.watchHealth, message))
    }

    /// Closes the connection. Calls in progress, and later ones, fail as UNAVAILABLE.
    public func close() async {
        await connection.close()
    }

    private func call<Response: ProtobufMessage>(
        _ method: MethodDescriptor, _ request: some ProtobufMessage, deadline: Deadline?,
        metadata: Metadata = Metadata()
    ) async throws(RPCError) -> Response {
        let message = ByteBuffer(bytes: request.serialized())
        let answer = try await connection.unary(method, message, metadata: metadata, deadline: deadline)
            .message
        return try Response(received: answer)
    }
}

extension ProtobufMessage {
    /// Decodes a server's message. Throws `RPCError` INTERNAL: that it is malformed is not the caller's mistake.
    init(received message: ByteBuffer) throws(RPCError) {
        do throws(MessageError) {
            try self.init(serialized: message.readableBytesSpan)
        } catch {
            throw RPCError(code: .internal, message: "the server's response: \(error)")
        }
    }
}
