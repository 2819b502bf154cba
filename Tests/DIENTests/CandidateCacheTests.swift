import Tensors
import TestSupport
import Testing

@testable import DIEN

/// What is kept of candidates changes no bit of a score, and stays within its bytes.
struct CandidateCacheTests {
    /// Nearly all leave; some leave; all stay.
    static let bytes = [24_000, 48_000, 1 << 24]

    private func input(history: Int, candidates: [Int]) -> RankingInput {
        RankingInput(
            profile: [FeatureColumn(name: "user", values: .ids([4]))],
            history: [FeatureColumn(name: "item", values: .ids((0..<history).map { UInt64($0 * 5 % 37) }))],
            candidates: [FeatureColumn(name: "item", values: .ids(candidates.map(UInt64.init)))])
    }

    @Test(arguments: GoldenCase.names, Kernels.available.map(\.name))
    func `scores of candidates that were kept have the bits of those computed`(
        name: String, kernels: String
    ) throws {
        let seed = UInt64.random(in: .min ... .max)
        var generator = SplitMix64(seed: seed)
        let set = try #require(InstructionSet(rawValue: kernels))
        let files = try GoldenCase(name).folder()
        let plain = try Model(files: files, kernels: Kernels.select(set))
        for bytes in Self.bytes {
            let keeping = try Model(
                files: files, kernels: Kernels.select(set), keeping: CandidateLimits(bytes: bytes, threads: 1)
            )
            var workspace = Workspace()
            for _ in 0..<3 {
                let requests = try (0..<Int.random(in: 1...3, using: &generator)).map { _ in
                    let count = [1, 3, 20].randomElement(using: &generator) ?? 1
                    return BatchedRequest(
                        try plain.resolve(
                            input(
                                history: .random(in: 0...4, using: &generator),
                                candidates: (0..<count).map { _ in .random(in: 0...60, using: &generator) })))
                }
                let found = keeping.score(requests, in: nil, &workspace)
                let expected = plain.score(requests, in: nil, &workspace)
                for (one, other) in zip(found, expected) {
                    let (one, other) = (try one.scores.get(), try other.scores.get())
                    #expect(one == other, "\(bytes) bytes, seed \(seed)")
                }
            }
        }
    }

    @Test func `hits, misses and evictions are counted, and the bytes stay below their limit`() throws {
        let files = try GoldenCase("dien.reference").folder()
        let model = try Model(files: files, keeping: CandidateLimits(bytes: 1 << 26, threads: 1))
        #expect(model.candidateCounts == ReuseCounts(bytes: model.candidateCounts?.bytes ?? 0))
        _ = try model.score(input(history: 3, candidates: Array(1...20)))
        #expect(model.candidateCounts?.misses == 20 && model.candidateCounts?.held == 20)
        _ = try model.score(input(history: 9, candidates: Array(11...30)))
        #expect(model.candidateCounts?.hits == 10 && model.candidateCounts?.misses == 30)
        // Many at once are computed as fast as they are copied.
        _ = try model.score(input(history: 1, candidates: (0..<49).map { $0 % 37 }))
        #expect(model.candidateCounts?.misses == 30)
        // Twice in one request: computed twice, kept once.
        _ = try model.score(input(history: 0, candidates: [31, 31]))
        #expect(model.candidateCounts?.misses == 32 && model.candidateCounts?.held == 31)
        #expect(model.candidateCounts?.evictions == 0)
    }

    @Test func `a cache that is too small lets candidates go and stays within its bytes`() throws {
        let limit = 150_000
        let columns = CandidateColumns(
            try ModelConfiguration(of: GoldenCase("dien.reference").folder()))
        let cache = try #require(CandidateCache(CandidateLimits(bytes: limit, threads: 1), columns))
        var parts = CandidateParts(rows: 1, columns)
        func candidate(_ id: Int) -> EmbeddingRows {
            EmbeddingRows(count: 1, features: [(1, [id]), (2, [id % 7])])
        }
        for id in 0..<300 {
            let place = cache.place(of: candidate(id), 0)
            #expect(!cache.copy(candidate(id), 0, at: place, into: &parts, row: 0))
            parts.targets[0, 0] = Float(id)
            // In a full set a candidate is kept when it comes a second time.
            for _ in 0..<2 { cache.insert(candidate(id), 0, at: place, from: parts, row: 0) }
            #expect(cache.copy(candidate(id), 0, at: place, into: &parts, row: 0), "\(id) is there at once")
        }
        let counts = cache.counts
        #expect(counts.held + counts.evictions == 300 && counts.evictions > 0)
        #expect(counts.bytes <= UInt64(limit))
        // Whoever is still there is the one that was put there.
        var found: UInt64 = 0
        for id in 0..<300 {
            guard cache.copy(candidate(id), 0, at: cache.place(of: candidate(id), 0), into: &parts, row: 0)
            else { continue }
            found += 1
            #expect(parts.targets[0, 0] == Float(id))
        }
        #expect(found == counts.held)
    }

    @Test func `a candidate that is asked for again stays while others pass`() throws {
        let columns = CandidateColumns(try ModelConfiguration(of: GoldenCase("dien.reference").folder()))
        let cache = try #require(CandidateCache(CandidateLimits(bytes: 150_000, threads: 1), columns))
        var parts = CandidateParts(rows: 1, columns)
        let popular = EmbeddingRows(count: 1, features: [(1, [9]), (2, [9])])
        cache.insert(popular, 0, at: cache.place(of: popular, 0), from: parts, row: 0)
        var misses = 0
        for id in (10..<500).flatMap({ [$0, $0] }) {
            let place = cache.place(of: popular, 0)
            if !cache.copy(popular, 0, at: place, into: &parts, row: 0) {
                misses += 1
                cache.insert(popular, 0, at: place, from: parts, row: 0)
            }
            let passing = EmbeddingRows(count: 1, features: [(1, [id]), (2, [0])])
            cache.insert(passing, 0, at: cache.place(of: passing, 0), from: parts, row: 0)
        }
        #expect(misses == 0)
    }

    @Test func `a candidate that is asked for once displaces none`() throws {
        let columns = CandidateColumns(try ModelConfiguration(of: GoldenCase("dien.reference").folder()))
        let cache = try #require(CandidateCache(CandidateLimits(bytes: 50_000, threads: 1), columns))
        let parts = CandidateParts(rows: 1, columns)
        for id in 0..<1000 {
            let candidate = EmbeddingRows(count: 1, features: [(1, [id]), (2, [0])])
            cache.insert(candidate, 0, at: cache.place(of: candidate, 0), from: parts, row: 0)
        }
        #expect(cache.counts.evictions == 0 && cache.counts.held > 0)
    }

    @Test func `no room for a candidate keeps nothing`() throws {
        let model = try Model(
            files: GoldenCase("dien.reference").folder(), keeping: CandidateLimits(bytes: 1000, threads: 8))
        #expect(model.candidateCounts == nil)
    }

    @Test func `threads that share a cache get the bits of one without`() async throws {
        let files = try GoldenCase("dien.reference").folder()
        let plain = try Model(files: files)
        let keeping = try Model(files: files, keeping: CandidateLimits(bytes: 40_000, threads: 2))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for thread in 0..<6 {
                group.addTask {
                    for round in 0..<30 {
                        let request = input(
                            history: round % 4, candidates: (0..<40).map { ($0 * (thread + 1) + round) % 61 })
                        let (found, expected) = (try keeping.score(request), try plain.score(request))
                        #expect(found == expected)
                    }
                }
            }
            try await group.waitForAll()
        }
        let counts = try #require(keeping.candidateCounts)
        #expect(counts.hits + counts.misses == 6 * 30 * 40 && counts.hits > 0)
    }
}
