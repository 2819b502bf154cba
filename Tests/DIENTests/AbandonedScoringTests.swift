import Tensors
import Testing

@testable import DIEN

/// Scoring that may be given up: the same bits when it is not, and nothing wrong left behind when it is.
@Suite struct AbandonedScoringTests {
    private let model: Model

    init() throws {
        var folder = try GoldenCase("dien.reference").folder()
        folder[text: "config.json"] = folder[text: "config.json"]
            .replacing(#""max_history": 100"#, with: #""max_history": 400"#)
        model = try Model(files: folder)
    }

    private func request(_ steps: Int, _ candidates: Int) throws -> BatchedRequest {
        func items(_ count: Int, _ factor: Int) -> [FeatureColumn] {
            [FeatureColumn(name: "item", values: .ids((0..<count).map { UInt64($0 * factor % 37) }))]
        }
        return BatchedRequest(
            try model.resolve(
                RankingInput(
                    profile: [FeatureColumn(name: "user", values: .ids([4]))], history: items(steps, 5),
                    candidates: items(candidates, 7))))
    }

    @Test func `what is asked at every block and goes on has the bits of what is not asked`() throws {
        let requests = try [(300, 60), (5, 3), (0, 1), (130, 100)].map(request)
        var workspace = Workspace()
        let expected = model.score(requests, in: nil, &workspace)
        var asked = 0
        let found = model.score(requests, in: nil, &workspace) { () throws(ScoringError) in asked += 1 }
        for (one, other) in zip(found, expected) { #expect(one.scores == other.scores) }
        // 300 behaviours are three blocks of 128, and 164 candidates seven of 24.
        #expect(asked == 3 + 7)
        let alone = try request(300, 60)
        let (state, _) = try model.userState(of: alone.input, in: nil, &workspace, asking: {})
        let scores = try model.score(alone.input, of: state, &workspace, asking: {})
        #expect(try scores == expected[0].scores.get())
    }

    @Test func `given up at any block it fails, and the cache answers rightly afterwards`() throws {
        let cache = UserStateCache(byteLimit: 1 << 22, shards: 1)
        var workspace = Workspace()
        let (short, long) = try (request(290, 60), request(300, 60))
        let expected = try model.score([long], in: nil, &workspace)[0].scores.get()
        _ = model.score([short], in: cache, &workspace)
        for allowed in 0..<4 {
            var asked = 0
            let given = model.score([long, short], in: cache, &workspace) { () throws(ScoringError) in
                asked += 1
                if asked > allowed { throw .abandoned }
            }
            #expect(given.contains { $0.scores == .failure(.abandoned) }, "after \(allowed)")
            for outcome in given {
                if case .failure(let error) = outcome.scores { #expect(error == .abandoned) }
            }
            let after = try model.score([long], in: cache, &workspace)[0].scores.get()
            #expect(after == expected)
        }
    }
}

extension AbandonedScoringTests {
    @Test func `a part shrinks as a candidate's work grows, down to one`() throws {
        // A step of the evolution is 6 h² products, and two layers of attention come with it.
        let most = Kernels.candidateRows / 2
        #expect(model.partCandidates(steps: 0) == most && model.partCandidates(steps: 100) == most)
        let products = model.configuration.stepProducts
        #expect(products >= 6 * model.configuration.hiddenSize * model.configuration.hiddenSize)
        #expect(model.partCandidates(steps: 200_000_000 / products / 5) == 5)
        #expect(model.partCandidates(steps: .max / products) == 1)
    }
}
