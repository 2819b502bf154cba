import DIEN
import Tensors
import Testing

/// What a caller of `score` may rely on.
struct ScoringTests {
    static let presets = ["dien.paper", "dien.reference"]

    /// 41 candidates and 9 behaviours by item identifier alone.
    private func input(candidates: [UInt64] = (0..<41).map { $0 * 7 % 37 }, history: [UInt64] = Array(3..<12))
        -> RankingInput
    {
        RankingInput(
            profile: [FeatureColumn(name: "user", values: .ids([4]))],
            history: [FeatureColumn(name: "item", values: .ids(history))],
            candidates: [FeatureColumn(name: "item", values: .ids(candidates))])
    }

    @Test(arguments: presets, Kernels.available.map(\.name))
    func `a candidate has the same bits alone and among others`(name: String, kernels: String) throws {
        let set = try #require(InstructionSet(rawValue: kernels))
        let model = try Model(files: GoldenCase(name).folder(), kernels: Kernels.select(set))
        #expect(model.kernels.name == kernels)
        let together = try model.score(input()).probabilities
        for (index, candidate) in (0..<41).map({ UInt64($0 * 7 % 37) }).enumerated() {
            let alone = try model.score(input(candidates: [candidate])).probabilities
            #expect(alone == [together[index]], "candidate \(index)")
        }
    }

    @Test(arguments: presets)
    func `the order of the candidates is the order of the answers`(name: String) throws {
        let model = try Model(files: GoldenCase(name).folder())
        let candidates = (0..<37).map(UInt64.init)
        let forward = try model.score(input(candidates: candidates)).probabilities
        let backward = try model.score(input(candidates: candidates.reversed())).probabilities
        #expect(forward == backward.reversed())
        #expect(Set(forward).count > 30)
    }

    @Test(arguments: presets)
    func `a column left out is looked up, and given it is used`(name: String) throws {
        let model = try Model(files: GoldenCase(name).folder())
        var explicit = input()
        let categories: ([UInt64]) -> FeatureColumn = {
            FeatureColumn(name: "category", values: .ids($0.map { $0 % 7 }))
        }
        explicit.history.append(categories(Array(3..<12)))
        explicit.candidates.append(categories((0..<41).map { $0 * 7 % 37 }))
        let scores = try model.score(explicit)
        #expect(scores.probabilities == (try model.score(input()).probabilities))
        explicit.candidates[1] = FeatureColumn(
            name: "category", values: .ids([UInt64](repeating: 2, count: 41)))
        #expect(try model.score(explicit).probabilities != scores.probabilities)
    }

    @Test func `an unknown identifier is row 0 and is counted by role and feature`() throws {
        let model = try Model(files: GoldenCase("dien.paper").folder())
        let scores = try model.score(input(candidates: [1, 9999, 0, .max], history: [5, 77_777]))
        #expect(
            scores.unknownIDs == [
                UnknownIDs(role: .history, feature: "item", count: 1),
                UnknownIDs(role: .candidates, feature: "item", count: 3),
            ])
        #expect(scores.probabilities[1] == scores.probabilities[2])
        #expect(scores.probabilities[1] == scores.probabilities[3])
    }

    @Test func `only the last behaviours are used, as many as the model was trained on`() throws {
        let golden = try GoldenCase("dien.reference")
        var folder = try golden.folder()
        folder[text: "config.json"] = try golden.configuration()
            .replacing(#""max_history": 100"#, with: #""max_history": 4"#)
        let model = try Model(files: folder)
        let long = try model.score(input(history: [9999, 1, 2, 3, 4, 5, 6]))
        #expect(long.historyLength == 4)
        #expect(long.unknownIDs.allSatisfy { $0.role == .candidates })
        #expect(long.probabilities == (try model.score(input(history: [3, 4, 5, 6])).probabilities))
    }

    @Test func `a context feature takes the place of a profile feature in the head's input`() throws {
        let golden = try GoldenCase("dien.reference")
        var folder = try golden.folder()
        let user = #"{"name": "user", "table": "user"}"#
        folder[text: "config.json"] = try golden.configuration()
            .replacing(#""profile": [\#(user)]"#, with: #""profile": []"#)
            .replacing(#""context": []"#, with: #""context": [\#(user)]"#)
        var moved = input()
        swap(&moved.profile, &moved.context)
        let expected = try Model(files: golden.folder()).score(input())
        #expect(try Model(files: folder).score(moved) == expected)
    }

    @Test func `no history at all is a user without history`() throws {
        let model = try Model(files: GoldenCase("dien.paper").folder())
        var none = input()
        none.history = []
        let scores = try model.score(none)
        #expect(scores.historyLength == 0)
        #expect(scores.probabilities == (try model.score(input(history: [])).probabilities))
        #expect(scores.probabilities != (try model.score(input()).probabilities))
    }

    @Test func `many threads get the answers of one`() async throws {
        let model = try Model(files: GoldenCase("dien.reference").folder())
        let expected = try model.score(input())
        try await withThrowingTaskGroup(of: Scores.self) { group in
            for _ in 0..<16 { group.addTask { try model.score(input()) } }
            for try await scores in group { #expect(scores == expected) }
        }
    }
}
