import Foundation
import Tensors
import TestSupport
import Testing
import Training

/// A training that is taken up again, against one that was never stopped.
struct CheckpointTests {
    @Test(arguments: ["dien.paper", "dien.reference", "base.reference"], [0, 0.01])
    func `steps after a checkpoint give the bits of an uninterrupted training`(
        name: String, decay: Double
    ) throws {
        let folder = try TemporaryFolder()
        let problem = try TinyProblem(name)
        let options = AdamOptions(weightDecay: decay, clipNorm: 0.1)
        var generator = SplitMix64.printed(name)
        let network = try Network(problem.configuration, seed: 3)
        let adam = Adam(network, options)
        _ = TinyProblem.train(network, adam, steps: 20, problem, &generator)
        try adam.save(to: folder.path("checkpoint"), facts: ["batch": "20"])
        var again = generator
        let losses = TinyProblem.train(network, adam, steps: 20, problem, &generator)

        let resumed = try Network(problem.configuration, seed: 4)
        let optimiser = Adam(resumed, options)
        #expect(try optimiser.restore(from: folder.path("checkpoint")) == ["batch": "20"])
        #expect(optimiser.steps == 20)
        #expect(TinyProblem.train(resumed, optimiser, steps: 20, problem, &again) == losses)
        adam.catchUp()
        optimiser.catchUp()
        for (one, other) in zip(network.parameters.tables, resumed.parameters.tables) {
            #expect(one.value.elements() == other.value.elements())
        }
        let batch = problem.batch(16, &again)
        #expect(network.predict(batch) == resumed.predict(batch))
    }

    @Test func `a checkpoint of other constants is refused`() throws {
        let folder = try TemporaryFolder()
        let problem = try TinyProblem("din.reference")
        try Adam(Network(problem.configuration, seed: 1)).save(to: folder.path("checkpoint"))
        let other = Adam(try Network(problem.configuration, seed: 1), AdamOptions(beta1: 0.8))
        #expect(throws: TrainingError.self) { try other.restore(from: folder.path("checkpoint")) }
        let wider = Adam(try Network(TinyProblem("din.reference", items: 31).configuration, seed: 1))
        #expect(throws: TrainingError.self) { try wider.restore(from: folder.path("checkpoint")) }
    }
}
