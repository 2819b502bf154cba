import Tensors
import Testing

@testable import DIEN

/// Every tensor of the served form, against an independent float64 program.
struct ForwardPassTests {
    static let kernels = Kernels.available.map(\.name)

    @Test(arguments: GoldenCase.names, kernels)
    func `every tensor of a forward pass agrees with the golden one`(name: String, kernels: String) throws {
        let golden = try GoldenCase(name)
        let set = try #require(InstructionSet(rawValue: kernels))
        let model = try Model(files: golden.folder(), kernels: Kernels.select(set))
        let steps = try #require(golden.file.description(of: "input.history_items")).shape[1]
        let hidden = try golden.integer("hidden_size")
        var logits: [Float] = []
        for (b, length) in try golden.lengths.enumerated() {
            let pass = try ForwardPass(model, try golden.input(b))
            func expectRow(_ tensor: String, _ found: [Float], width: Int, count: Int? = nil) throws {
                let all = try golden.floats(tensor)
                let expected = Array(all[b * width..<b * width + (count ?? width)])
                let difference = relativeDifference(found, expected)
                #expect(difference <= 1e-5, "\(tensor), row \(b)")
            }
            if golden.has("serve.extractor_states") {
                try expectRow(
                    "serve.extractor_states", pass.interests, width: steps * hidden,
                    count: length * hidden)
            }
            if golden.has("serve.attention") {
                try expectRow(
                    "serve.attention", pass.attention, width: steps, count: length)
            }
            if golden.has("serve.final_state") {
                try expectRow("serve.final_state", pass.interest, width: hidden)
            }
            try expectRow(
                "serve.head_input", pass.headInput, width: model.configuration.headInputSize)
            logits += pass.logits
            try expectRow("serve.probabilities", model.score(golden.input(b)).probabilities, width: 1)
        }
        #expect(relativeDifference(logits, try golden.floats("serve.logits")) <= 1e-5)
    }

    /// The largest difference in proportion to the largest expected value.
    private func relativeDifference(_ found: [Float], _ expected: [Float]) -> Float {
        guard found.count == expected.count else { return .infinity }
        let scale = expected.reduce(Float.leastNormalMagnitude) { max($0, abs($1)) }
        return zip(found, expected).reduce(0) { largest, pair in
            let difference = abs(pair.0 - pair.1) / scale
            return difference.isNaN ? .infinity : max(largest, difference)
        }
    }

    @Test(arguments: GoldenCase.names)
    func `a folder's golden requests verify`(name: String) throws {
        let golden = try GoldenCase(name)
        let report = try Model(files: golden.folder()).verifyGolden()
        #expect(report.count == (try golden.lengths.count))
        #expect(report.largestDifference < 2e-6)
    }

    @Test(arguments: ["dien.paper.short_histories", "dien.reference.short_histories"])
    func `without history the sum and the final state are zero`(name: String) throws {
        let golden = try GoldenCase(name)
        #expect(try golden.lengths[0] == 0)
        let model = try Model(files: golden.folder())
        let pass = try ForwardPass(model, try golden.input(0))
        #expect(pass.interests.isEmpty && pass.attention.isEmpty)
        #expect(pass.interest.allSatisfy { $0 == 0 })
        let size = model.configuration.embeddingSize
        #expect(pass.headInput[3 * size..<7 * size].allSatisfy { $0 == 0 })
    }
}

/// What the two parts of a plan compute on their way to the logit of one candidate.
struct ForwardPass {
    let interests: [Float]
    let attention: [Float]
    let interest: [Float]
    /// Profile, context, target, sum, product, interest, as the golden program has them.
    let headInput: [Float]
    let logits: [Float]

    init(_ model: Model, _ input: RankingInput) throws {
        let resolved = try model.resolver.resolve(input)
        var workspace = Workspace()
        let state = model.plan.state(of: resolved.history, &workspace)
        if case .evolving(_, let evolution) = model.plan.interest, case .pooling = evolution.cell {
            interests = workspace.secondInputs.elements()
        } else {
            interests = state.facts.elements()
        }
        model.plan.forward(
            [BlockPart(input: resolved, candidates: 0..<1, user: state)], &workspace)
        attention = workspace.attention.elements()
        interest = workspace.interest.elements()
        logits = workspace.logits.elements()
        let user = workspace.userInput.elements()
        let candidate = workspace.candidateInput.elements()
        let target = workspace.candidates.targets.elements()
        let width = model.configuration.itemSize
        headInput = Array(user.dropLast(width)) + target + Array(user.suffix(width)) + candidate
    }
}
