import DIEN
import Tensors
import Testing

/// Why a model scores as it does, against the attention tensors of an independent float64 program.
struct ExplanationTests {
    static let kernels = Kernels.available.map(\.name)

    @Test(arguments: GoldenCase.names)
    func `attention is the golden one, in every architecture that has it`(name: String) throws {
        let golden = try GoldenCase(name)
        let model = try Model(files: golden.folder())
        let steps = try #require(golden.file.description(of: "input.history_items")).shape[1]
        for (b, length) in try golden.lengths.enumerated() {
            let candidate = try model.explain(golden.input(b)).candidates[0]
            guard golden.has("serve.attention") else {
                #expect(candidate.attention.isEmpty)
                continue
            }
            let expected = try golden.floats("serve.attention")[b * steps..<b * steps + length]
            #expect(candidate.attention.count == length)
            #expect(zip(candidate.attention, expected).allSatisfy { abs($0 - $1) <= 1e-5 }, "row \(b)")
        }
    }

    @Test(arguments: GoldenCase.names, kernels)
    func `the last state of an evolution has the bits that the head saw`(
        name: String, kernels: String
    ) throws {
        let golden = try GoldenCase(name)
        let set = try #require(InstructionSet(rawValue: kernels))
        let model = try Model(files: golden.folder(), kernels: Kernels.select(set))
        for (b, length) in try golden.lengths.enumerated() {
            let input = try golden.input(b)
            let candidate = try model.explain(input).candidates[0]
            #expect([candidate.probability] == (try model.score(input).probabilities))
            guard model.configuration.architecture.isRecurrent else {
                #expect(candidate.states.isEmpty && candidate.stateChanges.isEmpty)
                continue
            }
            #expect(candidate.states.count == length && candidate.stateChanges.count == length)
            guard model.configuration.architecture != .gruAttention, length > 0 else { continue }
            let hidden = model.configuration.hiddenSize
            let expected = try golden.floats("serve.final_state")[b * hidden..<(b + 1) * hidden]
            #expect(zip(try #require(candidate.states.last), expected).allSatisfy { abs($0 - $1) <= 1e-5 })
        }
    }

    @Test(arguments: ["aigru.paper", "agru.paper", "dien.paper", "aigru.reference", "dien.reference"])
    func `the state after t behaviours is led by the attention over all of them`(name: String) throws {
        let model = try Model(files: GoldenCase(name).folder())
        let input = RankingInput(
            profile: [FeatureColumn(name: "user", values: .ids([4]))],
            history: [FeatureColumn(name: "item", values: .ids(Array(3..<12)))],
            candidates: [FeatureColumn(name: "item", values: .ids([5, 30]))])
        let explanation = try model.explain(input)
        #expect(explanation.historyLength == 9 && explanation.history == input.history)
        for candidate in explanation.candidates {
            #expect(abs(candidate.attention.reduce(0, +) - 1) < 1e-5)
            let lengths = candidate.states.map { state in state.reduce(0) { $0 + $1 * $1 }.squareRoot() }
            #expect(abs(candidate.stateChanges[0] - lengths[0]) < 1e-6)
            #expect(candidate.stateChanges.allSatisfy { $0 > 0 })
        }
        #expect(explanation.candidates[0].attention != explanation.candidates[1].attention)
    }

    @Test func `only the behaviours that were used are explained`() throws {
        let golden = try GoldenCase("dien.reference")
        var folder = try golden.folder()
        folder[text: "config.json"] = try golden.configuration()
            .replacing(#""max_history": 100"#, with: #""max_history": 3"#)
        let model = try Model(files: folder)
        let explanation = try model.explain(
            RankingInput(
                profile: [FeatureColumn(name: "user", values: .ids([4]))],
                history: [FeatureColumn(name: "item", values: .ids([1, 2, 9999, 4, 5]))],
                candidates: [FeatureColumn(name: "item", values: .ids([7]))]))
        #expect(explanation.historyLength == 3)
        #expect(explanation.history == [FeatureColumn(name: "item", values: .ids([9999, 4, 5]))])
        #expect(explanation.candidates[0].attention.count == 3)
        #expect(explanation.unknownIDs == [UnknownIDs(role: .history, feature: "item", count: 1)])
    }

    @Test(arguments: GoldenCase.names)
    func `rows score as their identifiers do, to the bit`(name: String) throws {
        let golden = try GoldenCase(name)
        let model = try Model(files: golden.folder())
        let steps = try #require(golden.file.description(of: "input.history_items")).shape[1]
        for (b, length) in try golden.lengths.enumerated() {
            // In the golden folders an identifier is its row.
            func rows(_ tensor: String, _ range: Range<Int>) throws -> [Int] {
                Array(try golden.integers(tensor)[range])
            }
            let past = b * steps..<b * steps + length
            let found = try model.score(
                RankingRows(
                    profile: rows("input.users", b..<b + 1),
                    history: [rows("input.history_items", past), rows("input.history_categories", past)],
                    candidates: [rows("input.items", b..<b + 1), rows("input.categories", b..<b + 1)]))
            #expect(found == (try model.score(golden.input(b)).probabilities))
        }
        #expect(model.rows(of: .ids([3, 9_999_999]), in: "item") == [3, 0])
        #expect(model.rows(of: .strings(["x"]), in: "item") == nil)
    }
}
