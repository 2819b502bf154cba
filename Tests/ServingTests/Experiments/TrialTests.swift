import DIEN
import Experiment
import Files
import Logging
import Messages
import ModelRegistry
import NIOCore
import Testing

@testable import GRPC
@testable import Serving

/// A request whose arm's version fails is answered by the champion, in the same call, with its bits.
@Suite struct TrialTests {
    private func service(
        _ table: CurrentTable, budget: CandidateBudget = .automatic
    ) -> RankingService {
        RankingService(
            table: table, limits: ServingLimits(), recentRequests: RecentRequests(), candidateBudget: budget,
            journal: EventJournal(logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    }

    private func context(_ deadline: Deadline? = nil) -> ServerContext {
        ServerContext(
            method: MethodDescriptor(service: ServiceName.ranking, method: "Rank"), metadata: Metadata(),
            deadline: deadline, peer: "test")
    }

    private func request(_ unit: String) -> RankRequest {
        RankRequest(
            model: ModelSpec(name: "sports"), requestID: "r", routingKey: unit,
            profile: [FeatureColumn(name: "user", ids: [7])],
            history: [FeatureColumn(name: "item", ids: [149, 150, 151, 1, 152])],
            candidates: [FeatureColumn(name: "item", ids: Array(150..<250))])
    }

    /// A unit of the candidate's arm.
    private func unit(_ table: CurrentTable) throws -> String {
        let split = try #require(table.snapshot.models["sports"]?.split?.split)
        return try #require((0..<1000).map { "user \($0)" }.first { split.assignment(of: $0).arm == 1 })
    }

    @Test func `a well candidate answers for its arm`() throws {
        let table = try Contest.table()
        let service = service(table, budget: .fixed(.seconds(60)))
        let reply = try service.rank(request(unit(table)), context: context())
        #expect(reply.servedBy.arm == "candidate" && reply.servedBy.version == 2)
        #expect(reply.scores == (try Contest.scores(of: 2, request("")).probabilities))
    }

    @Test func `a score that is no number is answered by the champion, and counted against the candidate`()
        throws
    {
        let table = try Contest.table()
        let service = service(table)
        let call = try service.open(request(unit(table)), context(), received: .now)
        #expect(call.servable.version == 2)
        let outcome = BatchedScores(scores: .failure(.nonFinite(candidate: 3)), origin: .computed)
        guard case .fallenBack(let next) = try service.settle(call, outcome, start: .now) else {
            Issue.record("the caller got the candidate's answer")
            return
        }
        #expect(next.servable.version == 1 && next.route.arm == "champion")
        #expect(next.route.assignedArm == "candidate" && next.route.experiment == "2026-11")
        let split = try #require(table.snapshot.models["sports"]?.split)
        #expect(split.watch.counters[1].faults.map(\.count) == [1, 0, 0])
        #expect(split.counters.counts.fallbacks == 1)
        #expect(service.journal?.jsonLines.contains("\"event\":\"arm_fault\"") == true)
    }

    @Test func `a candidate over its budget is given up, and the champion's bits answer, by any path`()
        async throws
    {
        let table = try Contest.table()
        let service = service(table, budget: .fixed(.zero))
        let unit = try unit(table)
        let expected = try Contest.scores(of: 1, request("")).probabilities
        let alone = try service.rank(request(unit), context: context())
        #expect(alone.servedBy.arm == "champion" && alone.servedBy.assignedArm == "candidate")
        #expect(alone.scores == expected)
        for threads in [1, 3] {
            let pool = try ScoringPool(
                Processors(allowed: Array(0..<threads), quota: nil), queueLimit: 100, service)
            for _ in 0..<20 {
                let message = ByteBuffer(bytes: request(unit).serialized())
                let answer = await withCheckedContinuation { continuation in
                    pool.take(.rank, message, context(), Reply { continuation.resume(returning: $0) })
                }
                let bytes = try answer.get()
                let reply = try RankResponse(serialized: bytes.readableBytesSpan)
                #expect(reply.servedBy.version == 1 && reply.servedBy.assignedArm == "candidate")
                #expect(reply.scores == expected)
            }
        }
        let watch = try #require(table.snapshot.models["sports"]?.split?.watch)
        #expect(watch.standings[1].phase != .serving)
        let fallbacks = Dictionary(uniqueKeysWithValues: watch.counters[1].fallbacks.map { ($0, $1) })
        #expect(
            fallbacks[.overBudget].map { $0 >= 5 } == true && fallbacks[.breakerOpen].map { $0 > 20 } == true)
    }

    @Test func `a deadline with time for one goes to the champion, and blames nobody`() throws {
        let table = try Contest.table()
        let counters = try #require(
            table.snapshot.models["sports"]?.aliases["champion"]?.servable?.counters)
        for _ in 0..<200 { counters.scoring.observe(.seconds(2)) }
        let reply = try service(table).rank(
            request(unit(table)), context: context(Deadline(.now + .seconds(2))))
        #expect(reply.servedBy.version == 1 && reply.servedBy.assignedArm == "candidate")
        let watch = try #require(table.snapshot.models["sports"]?.split?.watch)
        #expect(watch.counters[1].faults.allSatisfy { $0.count == 0 })
        #expect(watch.counters[1].fallbacks.contains { $0 == (.noTime, 1) })
    }

    @Test func `a mistake of the caller is no fault of the candidate`() throws {
        let table = try Contest.table()
        var wrong = try request(unit(table))
        wrong.candidates = [FeatureColumn(name: "brand", ids: [1])]
        let service = service(table, budget: .fixed(.seconds(60)))
        for _ in 0..<20 {
            let error = #expect(throws: RPCError.self) { try service.rank(wrong, context: context()) }
            #expect(error?.code == .invalidArgument)
        }
        let watch = try #require(table.snapshot.models["sports"]?.split?.watch)
        #expect(watch.standings[1].phase == .serving)
        #expect(try service.rank(request(unit(table)), context: context()).servedBy.version == 2)
    }

    @Test func `a prepared state is the champion's where the candidate takes too long`() throws {
        let table = try Contest.table(userStateBytes: 1 << 20)
        let unit = try unit(table)
        let prepare = PrepareRequest(
            model: ModelSpec(name: "sports"), routingKey: unit, history: request(unit).history)
        let well = try service(table, budget: .fixed(.seconds(60))).prepare(prepare, context: context())
        #expect(well.servedBy.version == 2)
        let other = PrepareRequest(
            model: ModelSpec(name: "sports"), routingKey: unit,
            history: [FeatureColumn(name: "item", ids: [5, 6, 7])])
        let slow = try service(table, budget: .fixed(.zero)).prepare(other, context: context())
        #expect(slow.servedBy.version == 1 && slow.servedBy.assignedArm == "candidate")
    }
}
