import Testing

@testable import DIEN

/// What the cache of user states answers, and that it never answers wrongly.
struct UserStateCacheTests {
    private let model: Model

    init() throws { model = try Model(files: GoldenCase("dien.reference").folder()) }

    private func input(_ history: [Int]) throws -> ResolvedInput {
        try model.resolve(
            RankingInput(
                profile: [FeatureColumn(name: "user", values: .ids([4]))],
                history: [FeatureColumn(name: "item", values: .ids(history.map(UInt64.init)))],
                candidates: [FeatureColumn(name: "item", values: .ids([3, 30]))]))
    }

    /// Asks for the state of a history, and checks that it scores as a fresh one does.
    private func origin(
        _ history: [Int], _ cache: UserStateCache, _ workspace: inout Workspace
    ) throws -> UserStateOrigin {
        let input = try input(history)
        let (state, origin) = model.userState(of: input, in: cache, &workspace)
        let fresh = model.plan.state(of: input.history, &workspace)
        let scores = try model.score(input, of: state, &workspace)
        #expect(scores == (try model.score(input, of: fresh, &workspace)), "\(history)")
        return origin
    }

    @Test
    func `a history is found again, goes on from its beginning, and is computed where neither is there`()
        throws
    {
        let cache = UserStateCache(byteLimit: 1 << 24, shards: 4)
        var workspace = Workspace()
        let base = Array(1...9)
        #expect(try origin(base, cache, &workspace) == .computed)
        #expect(try origin(base, cache, &workspace) == .hit)
        #expect(try origin(base + [10], cache, &workspace) == .extended)
        #expect(try origin(base + [10], cache, &workspace) == .hit)
        #expect(try origin(base + Array(10...20), cache, &workspace) == .extended)
        // The state before has left for the longer one.
        #expect(try origin(base, cache, &workspace) == .computed)
        #expect(try origin(base + [11], cache, &workspace) == .extended)
        #expect(try origin([2] + base, cache, &workspace) == .computed)
        #expect(try origin([], cache, &workspace) == .computed)
        let counts = cache.counts
        #expect(counts.hits == 2 && counts.extensions == 3 && counts.misses == 3 && counts.evictions == 0)
        #expect(counts.held == 3)
    }

    @Test func `more new behaviours than are looked for are computed`() throws {
        let cache = UserStateCache(byteLimit: 1 << 24, shards: 1)
        var workspace = Workspace()
        let most = UserStateCache.longestExtension
        #expect(try origin([1, 2], cache, &workspace) == .computed)
        #expect(try origin([1, 2] + Array(3..<3 + most), cache, &workspace) == .extended)
        #expect(try origin([5, 6], cache, &workspace) == .computed)
        #expect(try origin([5, 6] + Array(3..<4 + most), cache, &workspace) == .computed)
    }

    @Test func `the bytes stay below their limit, and what was not used leaves`() throws {
        var workspace = Workspace()
        let history = try input(Array(1...9)).history
        // A state, its rows, and what an entry takes.
        let one = model.plan.state(of: history, &workspace).bytes + 4 * history.stepwise.count + 128
        let cache = UserStateCache(byteLimit: 4 * one, shards: 1)
        for user in 0..<4 { _ = try origin([user + 10] + Array(1...8), cache, &workspace) }
        #expect(try origin([10] + Array(1...8), cache, &workspace) == .hit)
        for user in 4..<7 { _ = try origin([user + 10] + Array(1...8), cache, &workspace) }
        #expect(cache.counts.bytes <= UInt64(4 * one))
        #expect(cache.counts.held == 4 && cache.counts.evictions == 3)
        #expect(try origin([10] + Array(1...8), cache, &workspace) == .hit)
        #expect(try origin([11] + Array(1...8), cache, &workspace) == .computed)
    }

    @Test func `a cache without room keeps nothing`() throws {
        let cache = UserStateCache(byteLimit: 0, shards: 2)
        var workspace = Workspace()
        for _ in 0..<3 { #expect(try origin([1, 2, 3], cache, &workspace) == .computed) }
        #expect(cache.counts.held == 0 && cache.counts.misses == 3)
    }

    @Test func `a state of other rows is not taken for a history, whatever its digest`() throws {
        let cache = UserStateCache(byteLimit: 1 << 24, shards: 1)
        let shard = UserStateShard(byteLimit: 1 << 24)
        var workspace = Workspace()
        let place = try #require(cache.place(of: try input([1, 2, 3]).history))
        for (history, isFound) in [([1, 2, 4], false), ([1, 2, 3], true)] {
            let rows = try input(history).history
            shard.insert(
                model.plan.state(of: rows, &workspace), of: rows.stepwise, place.digests[0], replacing: nil)
            #expect((shard.find(place) != nil) == isFound)
        }
    }

    @Test func `threads that share a cache get the bits of a fresh state`() async throws {
        let cache = UserStateCache(byteLimit: 1 << 20, shards: 2)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for thread in 0..<8 {
                group.addTask {
                    var workspace = Workspace()
                    for round in 0..<40 {
                        let user = (thread + round) % 5
                        _ = try origin([user] + Array(1...(1 + round % 20)), cache, &workspace)
                    }
                }
            }
            try await group.waitForAll()
        }
        let counts = cache.counts
        #expect(counts.hits + counts.extensions + counts.misses == 8 * 40)
        #expect(counts.extensions > 0)
    }
}
