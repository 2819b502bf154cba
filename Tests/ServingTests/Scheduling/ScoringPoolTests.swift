import DIEN
import Files
import Logging
import Messages
import NIOCore
import Synchronization
import Testing

@testable import GRPC
@testable import Serving

/// Whatever is beside a call, and however many threads there are, its answer is the one that it gets alone.
@Suite struct ScoringPoolTests {
    private func service(_ servable: Servable) -> RankingService {
        let table = CurrentTable()
        let target = ServedModel.AliasTarget(assigned: 1, servable: servable, previous: nil)
        let status = ServableStatus(manifest: servable.manifest, state: .ready(servable))
        let model = ServedModel(aliases: ["champion": target], versions: [1: status], split: nil)
        table.replace(with: ServingTable(epoch: 7, models: ["sports": model]))
        return RankingService(
            table: table, limits: ServingLimits(), recentRequests: RecentRequests(),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    }

    private func context(deadline: Deadline? = nil) -> ServerContext {
        ServerContext(
            method: MethodDescriptor(service: ServiceName.ranking, method: "Rank"), metadata: Metadata(),
            deadline: deadline, peer: "test")
    }

    private func request(_ generator: inout SystemRandomNumberGenerator) -> RankRequest {
        let steps = [0, 1, 7, 30, 100].randomElement(using: &generator) ?? 0
        let user = UInt64.random(in: 1...6, using: &generator)
        return RankRequest(
            model: ModelSpec(name: "sports"), requestID: "r",
            profile: [FeatureColumn(name: "user", ids: [user])],
            history: [FeatureColumn(name: "item", ids: (0..<UInt64(steps)).map { 100 * user + $0 })],
            candidates: [
                FeatureColumn(
                    name: "item",
                    ids: (0..<([1, 5, 24, 130].randomElement(using: &generator) ?? 1)).map { _ in
                        UInt64.random(in: 1...18_000, using: &generator)
                    })
            ], topAttention: .random(in: 0...2, using: &generator))
    }

    /// The answers of calls that are all in the queue at once.
    private func answers(
        _ requests: [RankRequest], _ pool: ScoringPool, deadline: Deadline? = nil
    ) async -> [Result<ByteBuffer, RPCError>] {
        await withTaskGroup(of: (Int, Result<ByteBuffer, RPCError>).self) { group in
            for (index, request) in requests.enumerated() {
                let context = context(deadline: deadline)
                group.addTask {
                    await withCheckedContinuation { continuation in
                        pool.take(
                            .rank, ByteBuffer(bytes: request.serialized()), context,
                            Reply { continuation.resume(returning: (index, $0)) })
                    }
                }
            }
            var answers = [Result<ByteBuffer, RPCError>?](repeating: nil, count: requests.count)
            for await (index, answer) in group { answers[index] = answer }
            return answers.compactMap { $0 }
        }
    }

    @Test(arguments: [1, 2, 5], [0, 1 << 20, 1 << 26])
    func `any batch, any number of threads and any caches give the bits of a call alone`(
        threads: Int, cacheBytes: Int
    ) async throws {
        var generator = SystemRandomNumberGenerator()
        let plain = try service(Fixture.servable("sports", 1))
        let network = try Fixture.network(
            keeping: CandidateLimits(bytes: cacheBytes / 8, threads: threads))
        var kept = try Fixture.servable("sports", 1, network: network)
        kept.userStates = cacheBytes > 0 ? UserStateCache(byteLimit: cacheBytes, shards: threads) : nil
        let pool = try ScoringPool(
            Processors(allowed: Array(0..<threads), quota: nil), queueLimit: 1000, service(kept))
        let requests = (0..<80).map { _ in request(&generator) }
        // Small ones again, one after the other: candidates of large blocks are not looked for.
        let small = requests.filter { $0.candidates[0].count <= 5 }.prefix(4)
        var alone: [Result<ByteBuffer, RPCError>] = []
        for request in small { alone += await answers([request], pool) }
        for (request, answer) in zip(requests + small, await answers(requests, pool) + alone) {
            let message = try answer.get()
            let found = try RankResponse(serialized: message.readableBytesSpan)
            let expected = try plain.rank(request, context: context())
            #expect(found.scores == expected.scores, "\(request)")
            #expect(found.attention == expected.attention)
            #expect(found.unknownIDs == expected.unknownIDs)
        }
        #expect((network.candidateCounts?.misses ?? 0 > 0) == (cacheBytes > 0))
    }

    @Test func `calls that wait are scored together`() async throws {
        let pool = try ScoringPool(
            Processors(allowed: [0], quota: nil), queueLimit: 1000, service(Fixture.servable("sports", 1)))
        let small = RankRequest(
            model: ModelSpec(name: "sports"), profile: [FeatureColumn(name: "user", ids: [1])],
            history: [FeatureColumn(name: "item", ids: Array(100..<130))],
            candidates: [FeatureColumn(name: "item", ids: [1, 2, 3, 4, 5])])
        for _ in 0..<20 where pool.scheduler.counts.batches == 0 {
            for answer in await answers([RankRequest](repeating: small, count: 200), pool) {
                _ = try answer.get()
            }
        }
        let counts = pool.scheduler.counts
        #expect(counts.batches > 0 && counts.batched > counts.batches)
    }

    @Test func `a call whose deadline has passed is not scored`() async throws {
        let servable = try Fixture.servable("sports", 1)
        let pool = try ScoringPool(
            Processors(allowed: [0], quota: nil), queueLimit: 9, service(servable))
        let request = RankRequest(
            model: ModelSpec(name: "sports"), profile: [FeatureColumn(name: "user", ids: [1])],
            candidates: [FeatureColumn(name: "item", ids: [1])])
        let answer = await answers([request], pool, deadline: Deadline(.now - .milliseconds(1)))[0]
        #expect(throws: RPCError.self) { try answer.get() }
        if case .failure(let error) = answer { #expect(error.code == .deadlineExceeded) }
        #expect(servable.counters.candidates == 0)
    }

    @Test func `what the queue has no room for is refused, with the reason`() async throws {
        /// Holds its thread until it is told to go on.
        struct Stuck: ScoringScheduler.Work {
            let gate: Semaphore
            func perform(_ jobs: [RankingJob], _ scheduler: ScoringScheduler, _ workspace: inout Workspace) {
                gate.wait()
                for job in jobs { job.reply(.success(ByteBuffer())) }
            }
            func expire(_ job: RankingJob) {}
        }
        let gate = Semaphore()
        let pool = try ScoringPool(
            Processors(allowed: [0], quota: nil), queueLimit: 2, Stuck(gate: gate))
        let refused = Mutex<[RPCError]>([])
        let done = Semaphore()
        for _ in 0..<8 {
            pool.take(
                .prepare, ByteBuffer(), context(),
                Reply { answer in
                    if case .failure(let error) = answer { refused.withLock { $0.append(error) } }
                    done.signal()
                })
        }
        let errors = refused.withLock { $0 }
        // One may have been taken out of the queue already.
        #expect(errors.count == 5 || errors.count == 6)
        #expect(errors.allSatisfy { $0.code == .resourceExhausted && $0.message.contains("2 requests wait") })
        for _ in 0..<8 { gate.signal() }
        await withCheckedContinuation { continuation in
            _ = DedicatedThread.start {
                for _ in 0..<8 { done.wait() }
                continuation.resume()
            }
        }
    }
}
