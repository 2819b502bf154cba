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
            let pass = model.plan.forward(try model.resolver.resolve(golden.input(b)))
            func expectRow(_ tensor: String, _ found: [Float], width: Int, count: Int? = nil) throws {
                let all = try golden.floats(tensor)
                let expected = Array(all[b * width..<b * width + (count ?? width)])
                let difference = relativeDifference(found, expected)
                #expect(difference <= 1e-5, "\(tensor), row \(b)")
            }
            if golden.has("serve.extractor_states") {
                try expectRow(
                    "serve.extractor_states", pass.interest.states.elements(), width: steps * hidden,
                    count: length * hidden)
            }
            if golden.has("serve.attention") {
                try expectRow(
                    "serve.attention", pass.interest.attention.elements(), width: steps, count: length)
            }
            if golden.has("serve.final_state") {
                try expectRow("serve.final_state", pass.interest.vectors.elements(), width: hidden)
            }
            try expectRow(
                "serve.head_input", pass.headInput.elements(), width: model.configuration.headInputSize)
            logits += pass.logits.elements()
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
        let pass = model.plan.forward(try model.resolver.resolve(golden.input(0)))
        #expect(pass.interest.states.rows == 0 && pass.interest.attention.columns == 0)
        #expect(pass.interest.vectors.elements().allSatisfy { $0 == 0 })
        let size = model.configuration.embeddingSize
        let input = pass.headInput.elements()
        #expect(input[3 * size..<7 * size].allSatisfy { $0 == 0 })
    }
}
