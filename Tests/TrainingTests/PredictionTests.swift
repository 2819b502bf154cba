import Tensors
import Testing

@testable import Training

/// Evaluation mode, and what threads do not change.
struct PredictionTests {
    @Test(arguments: GoldenBatch.names, GoldenGradientTests.places)
    func `predictions are the golden logits of the served form`(
        name: String, place: GoldenGradientTests.Place
    ) throws {
        let golden = try GoldenBatch(name)
        let logits = try golden.floats("serve.logits")
        let found = try place.network(golden).predict(golden.batch)
        #expect(relativeDifference(found, golden.order.map { logits[$0] }) <= 2e-5)
    }

    @Test(arguments: GoldenBatch.names)
    func `a prediction has the same bits alone, among others and on other threads`(name: String) throws {
        let golden = try GoldenBatch(name)
        let together = try golden.network().predict(golden.batch)
        #expect(try golden.network(threads: 3).predict(golden.batch) == together)
        let network = try golden.network()
        let count = golden.batch.labels.count
        for sample in 0..<count {
            #expect(network.predict(golden.batch.part(sample, of: count)) == [together[sample]], "\(sample)")
        }
    }

    @Test(arguments: ["dien.paper.paper_size", "dien.reference.paper_size", "wide_deep.reference"], 1...3)
    func `on one number of threads a pass has the same bits again`(name: String, threads: Int) throws {
        let golden = try GoldenBatch(name)
        let (first, second) = (try golden.network(threads: threads), try golden.network(threads: threads))
        let losses = first.differentiate(golden.batch)
        #expect(second.differentiate(golden.batch) == losses)
        // Buffers that have held another batch change nothing.
        _ = second.differentiate(golden.batch.part(1, of: 2))
        _ = second.predict(golden.batch)
        #expect(second.differentiate(golden.batch) == losses)
        for (a, b) in zip(first.parameters.dense, second.parameters.dense) {
            #expect(a.gradient.elements() == b.gradient.elements(), "\(a.name)")
        }
        for (a, b) in zip(first.parameters.tables, second.parameters.tables) {
            #expect(a.touched == b.touched && a.gradients == b.gradients, "\(a.name)")
        }
    }
}
