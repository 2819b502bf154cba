import GRPC
import Logging
import Messages
import NIOCore
import RankingClient
import Testing

/// Against our server with handlers of the tests' own: no model.
struct RankingClientTests {
    static func serving(
        _ register: (inout MethodTable) -> Void, _ body: (RankingClient) async throws -> Void
    ) async throws {
        var methods = MethodTable()
        register(&methods)
        let server = GRPCServer(
            methods: methods, configuration: ServerConfiguration(), logger: Logger(label: "test"))
        let port = try await server.start().port ?? 0
        let client = RankingClient(address: ServerAddress(host: "127.0.0.1", port: port))
        let result: Result<Void, any Error>
        do { result = .success(try await body(client)) } catch { result = .failure(error) }
        await client.close()
        await server.drain(grace: .seconds(5))
        try result.get()
    }

    static func method(_ service: String, _ name: String) -> MethodDescriptor {
        MethodDescriptor(service: service, method: name)
    }

    static let request = RankRequest(
        model: ModelSpec(name: "sports"), requestID: "r-1",
        candidates: [FeatureColumn(name: "item", ids: [3, 1, 2])], topK: 1)

    @Test func `a request is scored by the method of ranking.proto`() async throws {
        try await Self.serving { methods in
            methods.register(
                Self.method("dien.v1.Ranking", "Rank"),
                unary: { message, context in
                    #expect(context.deadline != nil)
                    #expect(context.metadata.text("x-key") == "value")
                    let request = try RankRequest(serialized: Array(message.readableBytesView))
                    #expect(request == Self.request)
                    let response = RankResponse(
                        scores: [0.3, 0.1, 0.2], top: [0], servedBy: ServedBy(model: "sports", version: 1),
                        requestID: request.requestID)
                    return ByteBuffer(bytes: response.serialized())
                })
        } _: { client in
            let response = try await client.rank(
                Self.request, deadline: .after(.seconds(5)), metadata: ["x-key": "value"])
            #expect(response.scores == [0.3, 0.1, 0.2])
            #expect(response.top == [0])
            #expect(response.servedBy.model == "sports")
            #expect(response.requestID == "r-1")
        }
    }

    @Test(arguments: [RankResponse(scores: [0.5]).serialized(), [0xFF]])
    func `an answer that can not be right is INTERNAL`(answer: [UInt8]) async throws {
        try await Self.serving { methods in
            methods.register(
                Self.method("dien.v1.Ranking", "Rank"), unary: { _, _ in ByteBuffer(bytes: answer) })
        } _: { client in
            let error = await #expect(throws: RPCError.self) { try await client.rank(Self.request) }
            #expect(error?.code == .internal)
        }
    }

    @Test func `models are listed by the method of models.proto`() async throws {
        let listing = ListModelsResponse(
            models: [ModelStatus(name: "sports", versions: [VersionStatus(version: 1, state: .ready)])],
            registryEpoch: 4)
        try await Self.serving { methods in
            methods.register(
                Self.method("dien.v1.Models", "ListModels"),
                unary: { message, _ in
                    let name = try ListModelsRequest(serialized: Array(message.readableBytesView)).name
                    guard name == "sports" else {
                        throw RPCError(code: .notFound, message: "no model \"\(name)\"")
                    }
                    return ByteBuffer(bytes: listing.serialized())
                })
        } _: { client in
            let found = try await client.listModels(named: "sports")
            #expect(found == listing)
            await #expect(throws: RPCError(code: .notFound, message: "no model \"x\"")) {
                try await client.listModels(named: "x")
            }
        }
    }

    @Test func `health is asked once, or watched`() async throws {
        try await Self.serving { methods in
            methods.register(
                Self.method("grpc.health.v1.Health", "Check"),
                unary: { message, _ in
                    let service = try HealthCheckRequest(serialized: Array(message.readableBytesView)).service
                    let status: HealthCheckResponse.ServingStatus = service.isEmpty ? .serving : .notServing
                    return ByteBuffer(bytes: HealthCheckResponse(status: status).serialized())
                })
            methods.register(
                Self.method("grpc.health.v1.Health", "Watch"),
                serverStreaming: { _, _, writer in
                    for status in [HealthCheckResponse.ServingStatus.serviceUnknown, .serving, .notServing] {
                        try await writer.write(
                            ByteBuffer(bytes: HealthCheckResponse(status: status).serialized()))
                    }
                })
        } _: { client in
            let server = try await client.checkHealth()
            #expect(server == .serving)
            let service = try await client.checkHealth(of: "dien.v1.Ranking")
            #expect(service == .notServing)
            var seen: [HealthCheckResponse.ServingStatus] = []
            for try await status in try client.watchHealth() { seen.append(status) }
            #expect(seen == [.serviceUnknown, .serving, .notServing])
        }
    }
}
