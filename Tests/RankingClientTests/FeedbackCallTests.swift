import Experiment
import ExperimentMessages
import GRPC
import Messages
import NIOCore
import RankingClient
import Testing

/// Reports and counters, against our server with handlers of the tests' own.
struct FeedbackCallTests {
    private static let server = ServerTally.Server(
        epoch: 7, version: "0.1.0", startUnixMilliseconds: 1, unixMilliseconds: 2, windowMilliseconds: 8000)

    private static func model(requests: Double) -> ModelTally {
        var counters = Experiment.ArmCounters()
        counters.add(requests, to: .requests, bucket: 3)
        return ModelTally(
            model: "sports",
            experiments: [
                ExperimentTally(
                    experiment: "e", isRunning: true,
                    arms: [
                        ArmTally(
                            name: "a", version: 1, digest: "", weight: 1, isControl: false,
                            counters: counters, units: Experiment.UnitSample())
                    ])
            ])
    }

    @Test func `outcomes are reported by the method of feedback.proto`() async throws {
        let outcomes = [
            RequestOutcomes(
                feedbackToken: [1, 2], requestID: "r-1",
                items: [ItemOutcome(position: 3, score: 0.5, impression: true, click: true)])
        ]
        try await RankingClientTests.serving { methods in
            methods.register(
                RankingClientTests.method("dien.v1.Feedback", "Report"),
                unary: { message, _ in
                    let request = try ReportRequest(serialized: Array(message.readableBytesView))
                    #expect(request.outcomes == outcomes)
                    return ByteBuffer(bytes: ReportResponse(counts: FeedbackCounts(accepted: 2)).serialized())
                })
        } _: { client in
            let response = try await client.report(outcomes, deadline: .after(.seconds(5)))
            #expect(response == ReportResponse(counts: FeedbackCounts(accepted: 2)))
        }
    }

    @Test func `counters of servers are added up`() async throws {
        try await RankingClientTests.serving { methods in
            methods.register(
                RankingClientTests.method("dien.v1.Models", "Counters"),
                unary: { message, _ in
                    let model = try CountersRequest(serialized: Array(message.readableBytesView)).model
                    let response = CountersResponse(
                        Self.server, [Self.model(requests: model == "sports" ? 2 : 3)],
                        Experiment.FeedbackCounts(accepted: 1))
                    return ByteBuffer(bytes: response.serialized())
                })
        } _: { client in
            let one = try await client.counters(of: "sports")
            let two = try await client.counters()
            #expect(one.servers == [Self.server] && one.feedback.accepted == 1)
            let sum = one + two
            #expect(sum.models.map(\.model) == ["sports"])
            let arm = try #require(sum.models[0].experiments.first?.arms.first)
            #expect(arm.counters[.requests][3] == 5 && arm.guards.count == 2)
            #expect(sum.servers == [Self.server, Self.server] && sum.feedback.accepted == 2)
        }
    }

    @Test func `counters that cannot be are INTERNAL`() async throws {
        try await RankingClientTests.serving { methods in
            methods.register(
                RankingClientTests.method("dien.v1.Models", "Counters"),
                unary: { _, _ in
                    var response = CountersResponse(Self.server, [Self.model(requests: 2)], .init())
                    response.models[0].experiments[0].arms[0].sums.requests[9] = .nan
                    return ByteBuffer(bytes: response.serialized())
                })
        } _: { client in
            let error = await #expect(throws: RPCError.self) { try await client.counters() }
            #expect(error?.code == .internal)
            #expect(error?.message.contains("sums of arm a") == true)
        }
    }
}
