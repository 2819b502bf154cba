import Foundation
import DIEN
import Tensors
import TestSupport
import Testing
import Training

/// Folders that training writes, judged by the model that serves them.
struct TrainedModelTests {
    private static func requests(
        _ problem: TinyProblem, _ vocabulary: String, _ batch: Batch
    ) throws -> [RankingInput] {
        let identities = try RequestIdentities(vocabularyPath: vocabulary, problem.configuration)
        return (0..<8).map { identities.request(TinyProblem.rows(batch, $0)) }
    }

    @Test(arguments: TinyProblem.names, [1, 2])
    func `a trained network serves what its evaluation says`(name: String, threads: Int) throws {
        var generator = SplitMix64.printed(name)
        let folder = try TemporaryFolder()
        let problem = try TinyProblem(name, tablesApart: threads == 2)
        let vocabulary = try problem.writeVocabulary(in: folder)
        let network = try Network(problem.configuration, seed: 7, threads: threads)
        let adam = Adam(network)
        _ = TinyProblem.train(network, adam, steps: 30, problem, &generator)
        let batch = problem.batch(64, &generator)
        let logits = network.predict(batch)
        adam.catchUp()
        let facts = [JSONValue.Member(key: "epochs", value: .number("3"))]
        try TrainedModel(
            network: network, vocabularyPath: vocabulary,
            requests: Self.requests(problem, vocabulary, batch), metadata: facts
        ).write(to: folder.path("model"))

        let model = try Model(files: ModelFolder(path: folder.path("model")))
        #expect(try model.verifyGolden().count == 8)
        #expect(model.configuration.metadata == facts)
        for b in 0..<64 {
            let served = try model.score(TinyProblem.rows(batch, b))[0]
            #expect(abs(Double(served) - Logistic.sigmoid(Double(logits[b]))) <= 1e-5)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("")).count == 2)
    }

    @Test func `what stands at the path is replaced on request alone, and only if it is a model`() throws {
        var generator = SplitMix64.printed("replacing")
        let folder = try TemporaryFolder()
        let problem = try TinyProblem("dien.paper")
        let vocabulary = try problem.writeVocabulary(in: folder)
        let model = TrainedModel(
            network: try Network(problem.configuration, seed: 1), vocabularyPath: vocabulary,
            requests: try Self.requests(problem, vocabulary, problem.batch(8, &generator)))
        let path = folder.path("model")
        try model.write(to: path)
        #expect(throws: TrainingError.outputExists(path: path)) { try model.write(to: path) }
        try model.write(to: path, replacing: true)
        #expect(throws: TrainingError.outputExists(path: folder.url.path)) {
            try model.write(to: folder.url.path, replacing: true)
        }
    }

    @Test func `a network that computes infinities is not written`() throws {
        var generator = SplitMix64.printed("infinite")
        let folder = try TemporaryFolder()
        let problem = try TinyProblem("dien.reference")
        let vocabulary = try problem.writeVocabulary(in: folder)
        let network = try Network(problem.configuration, seed: 1)
        let requests = try Self.requests(problem, vocabulary, problem.batch(8, &generator))
        network.parameters.dense[0].value[0, 0] = .infinity
        #expect(throws: TrainingError.self) {
            try TrainedModel(network: network, vocabularyPath: vocabulary, requests: requests)
                .write(to: folder.path("model"))
        }
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.path(""))
        #expect(left == ["vocabulary-30.safetensors"])
    }
}
