import Foundation
import Tensors
import Testing
import Training

/// Ten steps from golden parameters, against ten of torch.optim.Adam (scripts/pytorch-twin ten-steps) in doubles.
struct TenStepTests {
    static let names =
        GoldenBatch.names.filter { $0.split(separator: ".").count == 2 }
        + ["dien.reference.decay_and_clipping", "din.reference.decay_and_clipping"]

    private struct Fixture {
        let golden: String
        let options: AdamOptions
        let auxiliaryWeight: Float
        let steps: [[String: Double]]
        let parameters: [String: (sum: Double, squares: Double, elements: [Double])]

        init(_ name: String) throws {
            let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .appendingPathComponent("TenSteps/\(name).json")
            let document = try JSONValue(parsing: Array(Data(contentsOf: url)))
            func member(_ value: JSONValue, _ key: String) throws -> JSONValue {
                try #require(value.members?.first { $0.key == key }?.value)
            }
            func double(_ value: JSONValue, _ key: String) throws -> Double {
                try #require(try member(value, key).double)
            }
            golden = try #require(try member(document, "golden").text)
            options = AdamOptions(
                learningRate: Float(try double(document, "learning_rate")),
                weightDecay: try double(document, "weight_decay"),
                clipNorm: try member(document, "clip_norm").double)
            auxiliaryWeight = Float(try double(document, "auxiliary_weight"))
            steps = try #require(try member(document, "steps").elements).map { step in
                Dictionary(
                    uniqueKeysWithValues: try #require(step.members).map {
                        ($0.key, try #require($0.value.double))
                    })
            }
            var parameters: [String: (sum: Double, squares: Double, elements: [Double])] = [:]
            for entry in try #require(try member(document, "parameters").members) {
                parameters[entry.key] = (
                    try double(entry.value, "sum"), try double(entry.value, "squares"),
                    try #require(try member(entry.value, "elements").elements).compactMap(\.double)
                )
            }
            self.parameters = parameters
        }
    }

    @Test(arguments: names, [1, 2])
    func `losses, norms and parameters of ten steps are PyTorch's`(name: String, threads: Int) throws {
        let fixture = try Fixture(name)
        let golden = try GoldenBatch(fixture.golden)
        let network = try golden.network(threads: threads)
        let adam = Adam(network, fixture.options)
        for (number, step) in fixture.steps.enumerated() {
            let batch = try GoldenBatch(fixture.golden, leavingOut: number % golden.order.count).batch
            let losses = network.differentiate(batch, auxiliaryWeight: fixture.auxiliaryWeight)
            adam.step(learningRate: fixture.options.learningRate)
            let target = try #require(step["target"])
            let auxiliary = try #require(step["auxiliary"])
            let norm = try #require(step["gradient_norm"])
            #expect(abs(losses.target - target) <= 1e-5 * target, "step \(number)")
            #expect(abs(losses.auxiliary - auxiliary) <= 1e-5 * max(auxiliary, 1e-3), "step \(number)")
            #expect(abs(adam.gradientNorm - norm) <= 1e-4 * norm, "step \(number)")
        }
        adam.catchUp()
        var seen: Set<String> = ["attention.2.bias"]
        for (tensor, values) in Self.tensors(network) where tensor != "attention.2.bias" {
            // The same number added to all scores changes no softmax: that gradient is 0 but for rounding.
            seen.insert(tensor)
            let expected = try #require(fixture.parameters[tensor], "\(tensor)")
            let last = values.count - 1
            let shown = expected.elements.count
            for (index, element) in expected.elements.enumerated() {
                let found = Double(values[index * last / max(shown - 1, 1)])
                #expect(abs(found - element) <= 1e-4 * max(1, abs(element)), "\(tensor)[\(index)]")
            }
            let sum = values.reduce(0) { $0 + Double($1) }
            let squares = values.reduce(0) { $0 + Double($1) * Double($1) }
            #expect(abs(sum - expected.sum) <= 1e-4 * Double(values.count), "\(tensor)")
            #expect(abs(squares - expected.squares) <= 1e-4 * max(expected.squares, 1), "\(tensor)")
        }
        #expect(Set(fixture.parameters.keys).subtracting(seen).isEmpty)
    }

    /// Every tensor [outputs, inputs] by its name in a file, moments included.
    private static func tensors(_ network: Network) -> [String: [Float]] {
        var result: [String: [Float]] = [:]
        for parameter in network.parameters.dense.sorted(by: { $0.outputs.lowerBound < $1.outputs.lowerBound }
        ) {
            result[parameter.name, default: []] += parameter.value.transposed().elements()
        }
        for table in network.parameters.tables { result["embedding.\(table.name)"] = table.value.elements() }
        for moments in network.parameters.moments {
            result["\(moments.name).moving_mean"] = moments.mean.elements()
            result["\(moments.name).moving_variance"] = moments.variance.elements()
        }
        return result
    }
}
