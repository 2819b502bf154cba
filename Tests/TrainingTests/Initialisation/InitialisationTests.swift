import DIEN
import Foundation
import Tensors
import TestSupport
import Testing
import Training

/// Networks before their first step.
struct InitialisationTests {
    private static func values(_ network: Network) -> [[Float]] {
        network.parameters.dense.map { $0.value.elements() }
            + network.parameters.tables.map { $0.value.elements() }
    }

    @Test(arguments: TinyProblem.names)
    func `a seed gives the same bits on every number of threads, another seed others`(name: String) throws {
        let configuration = try TinyProblem(name).configuration
        let values = Self.values(try Network(configuration, seed: 5))
        #expect(Self.values(try Network(configuration, seed: 5, threads: 2)) == values)
        #expect(Self.values(try Network(configuration, seed: 6)) != values)
    }

    @Test func `weights are uniform within the limits of the authors' program`() throws {
        let network = try Network(TinyProblem("dien.reference", items: 2000).configuration, seed: 5)
        func check(_ values: [Float], _ fans: Int, _ name: String) {
            let limit = (6 / Float(fans)).squareRoot()
            let largest = values.map(abs).max() ?? 0
            #expect(largest <= limit && largest > 0.85 * limit, "\(name)")
            let square = values.reduce(0) { $0 + $1 * $1 } / Float(values.count)
            #expect(abs(square / (limit * limit / 3) - 1) < 0.25, "\(name)")
        }
        for table in network.parameters.tables where table.name == "item" {
            check(table.value.elements(), 2000 + 5, table.name)
        }
        let wanted = [
            "extractor.weight_hidden.0": 10 + 10 + 20, "extractor.weight_hidden.20": 10 + 10 + 10,
            "evolution.weight_input.0": 10 + 10 + 20, "head.0.weight.0": 45 + 12,
            "auxiliary.0.weight.0": 20 + 100,
        ]
        for parameter in network.parameters.dense {
            let name = "\(parameter.name).\(parameter.outputs.lowerBound)"
            if let fans = wanted[name] { check(parameter.value.elements(), fans, name) }
            if name == "extractor.bias.0" { #expect(parameter.value.elements().allSatisfy { $0 == 1 }) }
            if name == "extractor.bias.20" { #expect(parameter.value.elements().allSatisfy { $0 == 0 }) }
            if name == "attention.query_prelu.alpha.0" { #expect(parameter.value[0, 0] == 0.1) }
            if name == "head.activation0.alpha.0" { #expect(parameter.value[0, 0] == 0) }
        }
    }

    @Test func `a retraining keeps the rows of known identifiers and begins new ones`() throws {
        var generator = SplitMix64.printed("retraining")
        let folder = try TemporaryFolder()
        let yesterday = try TinyProblem("augru.reference")
        let old = try Network(yesterday.configuration, seed: 1)
        let adam = Adam(old)
        _ = TinyProblem.train(old, adam, steps: 10, yesterday, &generator)
        adam.catchUp()
        let vocabulary = try yesterday.writeVocabulary(in: folder)
        let identities = try RequestIdentities(vocabularyPath: vocabulary, yesterday.configuration)
        let batch = yesterday.batch(8, &generator)
        try TrainedModel(
            network: old, vocabularyPath: vocabulary,
            requests: [identities.request(TinyProblem.rows(batch, 0))]
        ).write(to: folder.path("model"))

        // Tomorrow there are more items, and the auxiliary loss.
        let tomorrow = try TinyProblem("dien.reference", items: 40)
        let network = try Network(
            continuing: ModelFolder(path: folder.path("model")), tomorrow.configuration,
            vocabularyPath: tomorrow.writeVocabulary(in: folder), seed: 9)
        let fresh = try Network(tomorrow.configuration, seed: 9)
        for (index, table) in network.parameters.tables.enumerated() {
            let known = old.parameters.tables[index].value.elements()
            let all = table.value.elements()
            #expect(Array(all.prefix(known.count)) == known)
            #expect(
                all.dropFirst(known.count)
                    == fresh.parameters.tables[index].value.elements().dropFirst(known.count))
        }
        for (one, other) in zip(network.parameters.dense, fresh.parameters.dense)
        where one.name.hasPrefix("auxiliary.") {
            #expect(one.value.elements() == other.value.elements())
        }
        #expect(network.predict(batch) == old.predict(batch))
    }

    @Test(arguments: TinyProblem.names)
    func `training lowers the loss of what can be learnt`(name: String) throws {
        var generator = SplitMix64.printed(name)
        let problem = try TinyProblem(name)
        let network = try Network(problem.configuration, seed: 2)
        let losses = TinyProblem.train(network, Adam(network), steps: 400, problem, &generator)
        let first = losses.prefix(20).reduce(0, +)
        let last = losses.suffix(20).reduce(0, +)
        #expect(last < 0.9 * first, "\(first / 20) → \(last / 20)")
    }
}
