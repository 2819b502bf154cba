import Experiment
import Tensors
import Testing

@testable import Training

/// A calibrated network says slope · logit + intercept where it said logit.
struct CalibrationTests {
    @Test(arguments: GoldenBatch.names)
    func `every architecture's logits are scaled and moved`(name: String) throws {
        let golden = try GoldenBatch(name)
        let network = try golden.network()
        let before = network.predict(golden.batch)
        network.calibrate(by: PlattScaling(slope: 0.75, intercept: -0.375))
        let after = network.predict(golden.batch)
        #expect(relativeDifference(after, before.map { 0.75 * $0 - 0.375 }) <= 2e-6)
    }
}
