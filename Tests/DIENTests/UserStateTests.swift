import Tensors
import Testing

@testable import DIEN

/// What a user's state has to be worth keeping for.
struct UserStateTests {
    static let histories = [0, 1, 2, 7, 23, 24, 25, 60]

    private func input(history: [Int], candidates: Int = 41) -> RankingInput {
        RankingInput(
            profile: [FeatureColumn(name: "user", values: .ids([4]))],
            history: [FeatureColumn(name: "item", values: .ids(history.map { UInt64($0 * 5 % 37) }))],
            candidates: [
                FeatureColumn(name: "item", values: .ids((0..<candidates).map { UInt64($0 * 7 % 37) }))
            ])
    }

    @Test(arguments: GoldenCase.names, Kernels.available.map(\.name))
    func `a history that grew step by step gives the bits of one that was there at once`(
        name: String, kernels: String
    ) throws {
        let set = try #require(InstructionSet(rawValue: kernels))
        let model = try Model(files: GoldenCase(name).folder(), kernels: Kernels.select(set))
        var workspace = Workspace()
        var grown: UserState?
        for length in Self.histories {
            let resolved = try model.resolver.resolve(input(history: Array(0..<length)))
            let state = model.plan.state(of: resolved.history, after: grown, &workspace)
            #expect(state.steps == length)
            let found = try model.plan.probabilities(resolved, of: state, &workspace)
            #expect(
                found == (try model.score(input(history: Array(0..<length))).probabilities), "T \(length)")
            grown = state
        }
    }

    @Test(arguments: ["din.reference", "dien.reference", "dien.paper", "gru_attention.paper"])
    func `two histories that go on from one differently do not touch each other`(name: String) throws {
        let model = try Model(files: GoldenCase(name).folder())
        var workspace = Workspace()
        let common = Array(0..<9)
        func resolved(_ history: [Int]) throws -> ResolvedInput {
            try model.resolver.resolve(input(history: history))
        }
        let known = model.plan.state(of: try resolved(common).history, &workspace)
        let continuations = [[20, 21], [30], [20, 22], [25, 26, 27, 28, 29]].map { common + $0 }
        let states = try continuations.map {
            model.plan.state(of: try resolved($0).history, after: known, &workspace)
        }
        for (history, state) in zip(continuations + [common], states + [known]) {
            let found = try model.plan.probabilities(resolved(history), of: state, &workspace)
            #expect(found == (try model.score(input(history: history)).probabilities), "\(history)")
        }
    }

    @Test(arguments: GoldenCase.names)
    func `scoring allocates no matrix once its workspace has grown`(name: String) throws {
        let model = try Model(files: GoldenCase(name).folder())
        var workspace = Workspace()
        let resolved = try model.resolver.resolve(input(history: Array(0..<40), candidates: 130))
        let state = model.plan.state(of: resolved.history, &workspace)
        let first = try model.plan.probabilities(resolved, of: state, &workspace)
        let (bytes, before) = (workspace.bytes, MatrixAllocations.ofThisThread)
        #expect(bytes > 0 && before > 0)
        #expect(try model.plan.probabilities(resolved, of: state, &workspace) == first)
        #expect(MatrixAllocations.ofThisThread == before)
        #expect(workspace.bytes == bytes)
    }

    @Test(arguments: GoldenCase.names, Kernels.available.map(\.name))
    func `users side by side get the bits of each alone`(name: String, kernels: String) throws {
        let set = try #require(InstructionSet(rawValue: kernels))
        var folder = try GoldenCase(name).folder()
        folder[text: "config.json"] = folder[text: "config.json"]
            .replacing(#""max_history": 100"#, with: #""max_history": 300"#)
        let model = try Model(files: folder, kernels: Kernels.select(set))
        var workspace = Workspace()
        let inputs = try [(7, 5), (0, 1), (200, 3), (31, 24), (30, 25), (1, 7), (129, 2)].map {
            length, candidates in
            try model.resolver.resolve(
                input(history: (0..<length).map { $0 * length }, candidates: candidates))
        }
        // Some of the states go on from a beginning.
        let known = inputs.enumerated().map { index, input in
            index % 2 == 0
                ? nil : model.plan.state(of: input.history.beginning(of: input.history.count / 2), &workspace)
        }
        let states = model.plan.states(of: zip(inputs, known).map { ($0.history, $1) }, &workspace)
        let parts = zip(inputs, states).map {
            BlockPart(input: $0, candidates: 0..<$0.candidates.count, user: $1)
        }.sorted { $0.user.steps > $1.user.steps }
        model.plan.score(parts, &workspace)
        var together = workspace.logits.elements()[...]
        for part in parts {
            let alone = model.plan.state(of: part.input.history, &workspace)
            let expected = try model.plan.probabilities(part.input, of: alone, &workspace)
            #expect(Array(together.prefix(expected.count)) == expected, "T \(part.user.steps)")
            together = together.dropFirst(expected.count)
        }
        #expect(together.isEmpty)
    }
}

extension EmbeddingRows {
    /// Its first elements.
    fileprivate func beginning(of count: Int) -> EmbeddingRows {
        EmbeddingRows(
            count: count, features: features.map { ($0.table, Array($0.rows.prefix(count))) })
    }
}
