import DIEN
import DIENMessages
import Experiment
import Files
import Logging
import Messages
import NIOCore
import Testing

@testable import GRPC
@testable import Serving

/// Copies of requests that a second version scores: what comes of them, and what never does.
@Suite struct ShadowScorerTests {
    private func request(_ user: Int, candidates: Int = 30) -> RankRequest {
        RankRequest(
            model: ModelSpec(name: "sports"), requestID: "r",
            profile: [FeatureColumn(name: "user", ids: [UInt64(user)])],
            history: [FeatureColumn(name: "item", ids: (0..<UInt64(user % 20)).map { 100 + $0 })],
            candidates: [FeatureColumn(name: "item", ids: (0..<UInt64(candidates)).map { 150 + 3 * $0 })])
    }

    private func pool(_ table: CurrentTable, threads: Int = 2) throws -> ScoringPool {
        try ScoringPool(
            Processors(allowed: Array(0..<threads), quota: nil), queueLimit: 1000,
            RankingService(
                table: table, limits: ServingLimits(), recentRequests: RecentRequests(),
                logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })))
    }

    private func ask(_ pool: ScoringPool, _ request: RankRequest) async throws -> RankResponse {
        let context = ServerContext(
            method: MethodDescriptor(service: ServiceName.ranking, method: "Rank"), metadata: Metadata(),
            deadline: nil, peer: "test")
        let message = ByteBuffer(bytes: request.serialized())
        let answer = await withCheckedContinuation { continuation in
            pool.take(.rank, message, context, Reply { continuation.resume(returning: $0) })
        }
        let bytes = try answer.get()
        return try RankResponse(serialized: bytes.readableBytesSpan)
    }

    private func pair(_ table: CurrentTable) throws -> ShadowPair {
        try #require(table.snapshot.models["sports"]?.shadow?.pair)
    }

    /// Copies of which it is known what became of them.
    private func settled(_ table: CurrentTable) throws -> UInt64 {
        let counts = try pair(table).counts
        return counts.shadowed + counts.dropped.values.reduce(0, +)
    }

    @Test func `every copy is scored as the candidate scores it, and the caller's bits are the champion's`()
        async throws
    {
        let table = try Contest.table(shadow: 10_000, hasSplit: false)
        let pool = try pool(table)
        var expected = ShadowComparison()
        var (asked, compared) = (0, 0)
        // A machine that has other work drops copies, so that there is no number of requests that is surely enough.
        let end = ContinuousClock.now + .seconds(120)
        while compared < 20, asked < 2000, .now < end {
            asked += 1
            let request = request(asked)
            let reply = try await ask(pool, request)
            let (one, two) = try (Contest.scores(of: 1, request), Contest.scores(of: 2, request))
            #expect(reply.scores == one.probabilities)
            // One after the other, so that it is known which were dropped.
            for _ in 0..<5000 where try settled(table) < asked { try await Task.sleep(for: .milliseconds(2)) }
            guard try pair(table).counts.shadowed > compared else { continue }
            compared += 1
            var both = ShadowComparison()
            both.add(
                champion: one.probabilities, candidate: two.probabilities, championSeconds: 0,
                candidateSeconds: 0)
            expected = expected + both
        }
        let counts = try pair(table).counts
        #expect(counts.sampled == asked && counts.shadowed == compared && compared == 20)
        let found = try pair(table).found
        let all = try #require(found[ShadowSegment.segments(history: 0, unknownShare: 0, candidates: 1)[0]])
        var sums = all.sums
        #expect(sums.championSeconds > 0 && sums.candidateSeconds > 0)
        (sums.championSeconds, sums.candidateSeconds) = (0, 0)
        #expect(ShadowComparison(sums) == expected)
        // Each request is in one segment of each kind.
        for dimension in ShadowSegment.Dimension.allCases {
            let requests = found.filter { $0.key.dimension == dimension }.values.reduce(0) {
                $0 + $1.requests
            }
            #expect(requests == Int(counts.shadowed), "\(dimension)")
        }
    }

    @Test func `the share is kept over every stretch of requests, and requests of others are not copied`()
        throws
    {
        let table = try Contest.table(shadow: 500)
        let shadow = try #require(table.snapshot.models["sports"]?.shadow)
        let champion = try #require(table.snapshot.models["sports"]?.aliases["champion"]?.servable)
        let candidate = try #require(table.snapshot.models["sports"]?.versions[2]?.servable)
        #expect((0..<1000).allSatisfy { _ in !shadow.samples(candidate) })
        let taken = (0..<20_000).map { _ in shadow.samples(champion) }
        for first in stride(from: 0, to: 20_000, by: 1000) {
            #expect(abs(taken[first..<first + 1000].count { $0 } - 50) <= 3)
        }
        // Of every eighth request, too.
        let eighth = stride(from: 0, to: 20_000, by: 8).count { taken[$0] }
        #expect(abs(eighth - 125) <= 6)
    }

    private func job(_ table: CurrentTable) throws -> ShadowJob {
        let model = try #require(table.snapshot.models["sports"])
        let (shadow, champion) = try (
            #require(model.shadow), #require(model.aliases["champion"]?.servable)
        )
        let columns = RankingInput(request(7))
        return ShadowJob(
            shadow: shadow, champion: champion, columns: columns,
            input: try champion.network.resolve(columns), scores: try champion.network.score(columns))
    }

    @Test func `while callers have every thread nothing is scored, and all of it is counted`() async throws {
        let table = try Contest.table(shadow: 10_000)
        let scorer = ShadowScorer()
        let job = try job(table)
        for _ in 0..<100 { scorer.offer(job, .init(idleThreads: 0, waiting: 3)) }
        #expect(job.pair.counts.dropped[.load] == 100)
        for _ in 0..<100 { scorer.offer(job, .init(idleThreads: 0, waiting: 0)) }
        // Begun here, so that it takes nothing out of the queue while that fills.
        scorer.start(threads: 1) { SpareCapacity.Load(idleThreads: 0, waiting: 0) }
        defer { scorer.stop() }
        for _ in 0..<100 { scorer.offer(job, .init(idleThreads: 0, waiting: 0)) }
        func dropped() -> UInt64 { job.pair.counts.dropped.values.reduce(0, +) }
        for _ in 0..<2000 where dropped() < 300 { try await Task.sleep(for: .milliseconds(5)) }
        #expect(dropped() == 300 && job.pair.counts.shadowed == 0)
        #expect((job.pair.counts.dropped[.queueFull] ?? 0) >= 30)
        #expect((job.pair.counts.dropped[.stale] ?? 0) > 0)
    }

    @Test func `a shadow that is given up on its way leaves nothing behind`() throws {
        let job = try job(Contest.table(shadow: 10_000))
        var workspace = Workspace()
        for allowed in 0..<3 {
            var asked = 0
            let found = job.compared(number: 0, &workspace) { () throws(ScoringError) in
                asked += 1
                if asked > allowed { throw .abandoned }
            }
            #expect(found == nil)
        }
        #expect(job.compared(number: 0, &workspace, asking: {})?.requests == 1)
    }
}
