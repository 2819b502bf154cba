import Tensors
import Testing
import Training

/// Losses, logits and every gradient, against an independent float64 program.
struct GoldenGradientTests {
    /// Every instruction set on one thread, and the fastest on several.
    static let places =
        Kernels.available.map { Place(kernels: $0.name, threads: 1) }
        + [2, 3].map { Place(kernels: Kernels.automatic.name, threads: $0) }

    struct Place: Sendable {
        let kernels: String
        let threads: Int

        func network(_ golden: GoldenBatch) throws -> Network {
            let set = try #require(InstructionSet(rawValue: kernels))
            return try golden.network(Kernels.select(set), threads: threads)
        }
    }

    @Test(arguments: GoldenBatch.names, places)
    func `losses and logits of the training form agree with the golden ones`(
        name: String, place: Place
    ) throws {
        let golden = try GoldenBatch(name)
        let weight = Float(try #require(golden.facts["auxiliary_weight"]?.double))
        let losses = try place.network(golden).differentiate(
            golden.batch, auxiliaryWeight: weight)
        let logits = try golden.floats("train.logits")
        #expect(relativeDifference(losses.logits, golden.order.map { logits[$0] }) <= 1e-4)
        #expect(relativeDifference([Float(losses.target)], try golden.floats("train.target_loss")) <= 1e-5)
        #expect(
            relativeDifference([Float(losses.auxiliary)], try golden.floats("train.auxiliary_loss")) <= 1e-5)
    }

    @Test(arguments: GoldenBatch.names, places)
    func `every gradient agrees with the golden one`(name: String, place: Place) throws {
        let golden = try GoldenBatch(name)
        let network = try place.network(golden)
        let weight = Float(try #require(golden.facts["auxiliary_weight"]?.double))
        _ = network.differentiate(golden.batch, auxiliaryWeight: weight)
        var seen: Set<String> = []
        for parameter in network.parameters.dense {
            let name = "grad.\(parameter.name)"
            seen.insert(name)
            guard golden.has(name) else {
                #expect(parameter.gradient.elements().allSatisfy { $0 == 0 }, "\(name)")
                continue
            }
            let all = try golden.floats(name)
            let inputs = parameter.isVector ? 1 : parameter.value.rows
            let expected = Array(
                all[parameter.outputs.lowerBound * inputs..<parameter.outputs.upperBound * inputs])
            let found = parameter.gradient.transposed().elements()
            // The same number added to all scores changes no softmax: this gradient is 0 but for rounding.
            let vanishes = parameter.name == "attention.2.bias"
            let scale = vanishes ? 1e-3 : all.reduce(Float(1e-7)) { max($0, abs($1)) }
            #expect(relativeDifference(found, expected, scale: scale) <= 1e-4, "\(name)")
        }
        for table in network.parameters.tables {
            let name = "grad.embedding.\(table.name)"
            seen.insert(name)
            let expected = try golden.floats(name)
            let size = table.value.columns
            var found = [Float](repeating: 0, count: expected.count)
            for (slot, row) in table.touched.enumerated() {
                for j in 0..<size { found[row * size + j] = table.gradients[slot * size + j] }
            }
            #expect(relativeDifference(found, expected) <= 1e-4, "\(name)")
        }
        let wanted = golden.file.tensors.map(\.name).filter { $0.hasPrefix("grad.") }
        #expect(Set(wanted).subtracting(seen).isEmpty)
    }
}

/// The largest difference in proportion to the largest expected value, or to `scale`.
func relativeDifference(_ found: [Float], _ expected: [Float], scale: Float? = nil) -> Float {
    guard found.count == expected.count else { return .infinity }
    let scale = scale ?? expected.reduce(Float(1e-7)) { max($0, abs($1)) }
    return zip(found, expected).reduce(0) { largest, pair in
        let difference = abs(pair.0 - pair.1) / scale
        return difference.isNaN ? .infinity : max(largest, difference)
    }
}
