import Experiment
import Logging
import Messages
import Testing

@testable import GRPC
@testable import Serving

@Suite struct RankingServiceTests {
    private func service(limits: ServingLimits = ServingLimits()) throws -> RankingService {
        let table = CurrentTable()
        let servable = try Fixture.servable("sports", 1)
        let target = ServedModel.AliasTarget(assigned: 1, servable: servable, previous: nil)
        let status = ServableStatus(manifest: servable.manifest, state: .ready(servable))
        let model = ServedModel(aliases: ["champion": target], versions: [1: status], split: nil)
        table.replace(with: ServingTable(epoch: 7, models: ["sports": model]))
        return RankingService(
            table: table, limits: limits, recentRequests: RecentRequests(),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    }

    private func context(deadline: Deadline? = nil) -> ServerContext {
        ServerContext(
            method: MethodDescriptor(service: ServiceName.ranking, method: "Rank"), metadata: Metadata(),
            deadline: deadline, peer: "test")
    }

    private let request = RankRequest(
        model: ModelSpec(name: "sports"), requestID: "r-1",
        profile: [FeatureColumn(name: "user", ids: [7])],
        history: [FeatureColumn(name: "item", ids: [149, 150, 151, 1, 152])],
        candidates: [FeatureColumn(name: "item", ids: [153, 1110, 10021, 17202])], topK: 2)

    @Test func `the reply carries the scores, the best positions and who made them`() throws {
        let reply = try service().rank(request, context: context())
        // The first request of the model's own expected answers.
        for (score, expected) in zip(reply.scores, [0.8615085, 0.2050299, 0.453299, 0.2214356] as [Float]) {
            #expect(abs(score - expected) <= 2e-6)
        }
        #expect(reply.scores.count == 4)
        #expect(reply.top == [0, 2])
        #expect(reply.requestID == "r-1")
        #expect(reply.servedBy.model == "sports")
        #expect(reply.servedBy.version == 1)
        #expect(reply.servedBy.arm == "champion")
        #expect(reply.servedBy.registryEpoch == 7)
        #expect(reply.historyLength == 5)
        #expect(reply.totalMicroseconds >= reply.scoringMicroseconds)
        // User 7 was not trained on.
        #expect(reply.unknownIDs == [UnknownIDs(role: "profile", feature: "user", count: 1)])
    }

    @Test func `the token says what was served, to the key that signed it alone`() throws {
        var request = request
        request.routingKey = "user-7"
        let service = try service()
        let reply = try service.rank(request, context: context())
        let served = try #require(service.ledger.signer.read(reply.feedbackToken))
        #expect(served.epoch == 7 && served.version == 1 && served.candidates == 4)
        #expect(served.request == ServedRequest.hash("r-1"))
        #expect(Int(served.bucket) == UnitBucket(unit: "user-7").bucket)
        let champion = ArmIdentity(model: "sports", experiment: "", arm: "champion", version: 1)
        #expect(served.arm == champion.hash)
        #expect(RequestSigner().read(reply.feedbackToken) == nil)
        let counters = service.ledger.series(of: champion).counters(now: 0).closed
        #expect(counters.total(.requests) == 1 && counters.total(.candidates) == 4)
    }

    @Test func `a request without an id gets one of its own`() throws {
        var request = request
        request.requestID = ""
        let service = try service()
        let ids = try (0..<3).map { _ in try service.rank(request, context: context()).requestID }
        #expect(Set(ids).count == 3)
        #expect(ids.allSatisfy { $0.count == 32 })
    }

    @Test func `more than the server takes is refused naming both sizes`() throws {
        let service = try service(limits: ServingLimits(candidates: 3, historyLength: 10))
        let error = #expect(throws: RPCError.self) { try service.rank(request, context: context()) }
        #expect(error?.code == .resourceExhausted)
        #expect(error?.message == "candidates.item: 4 values, this server takes at most 3")
    }

    @Test func `no model work starts after the deadline`() throws {
        let past = Deadline(.now - .milliseconds(1))
        let service = try service()
        let error = #expect(throws: RPCError.self) {
            try service.rank(request, context: context(deadline: past))
        }
        #expect(error?.code == .deadlineExceeded)
    }

    @Test func `mistakes of the caller are INVALID_ARGUMENT and name the field`() throws {
        var wrong = request
        wrong.candidates = [FeatureColumn(name: "brand", ids: [1])]
        let service = try service()
        let error = #expect(throws: RPCError.self) { try service.rank(wrong, context: context()) }
        #expect(error?.code == .invalidArgument)
        #expect(error?.message.contains("candidates.brand") == true)
    }

    @Test func `equal scores are listed in the order of the request`() {
        #expect(([0.5, 0.9, 0.5, 0.9] as [Float]).positionsOfBest(9) == [1, 3, 0, 2])
        #expect(([0.5] as [Float]).positionsOfBest(0).isEmpty)
    }
}
