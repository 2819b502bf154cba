import Experiment
import Foundation
import TestSupport
import Testing

/// The line that calibrates logits, against scikit-learn and SciPy, and where there is hardly one.
@Suite struct PlattScalingTests {
    @Test(arguments: MetricVectorTests.cases, MetricVectorTests.both)
    func `is the likeliest line under Platt's targets`(vectors: MetricVectors.Case, model: Int) throws {
        let expected = vectors.models[model].platt
        let scaling = try PlattScaling(LabelledScores(expected.logits, labels: vectors.samples(model).labels))
        #expect(isClose(scaling.slope, expected.slope, within: 1e-9))
        #expect(isClose(scaling.intercept, expected.intercept, within: 1e-9))
    }

    @Test func `finds again what distorted the logits of clicks drawn by them`() throws {
        var random = SplitMix64(seed: 20_261_129)
        var logits: [Double] = []
        var labels: [Bool] = []
        for _ in 0..<50_000 {
            let logit = Double.random(in: -3...3, using: &random)
            labels.append(Double.random(in: 0..<1, using: &random) < 1 / (1 + exp(-logit)))
            logits.append((logit + 0.5) / 0.6)
        }
        let scaling = try PlattScaling(LabelledScores(logits, labels: labels))
        #expect(abs(scaling.slope - 0.6) < 0.01)
        #expect(abs(scaling.intercept + 0.5) < 0.02)
        // Of the unregularised likelihood the sum of the probabilities is that of the clicks; Platt's targets are near.
        let predicted = logits.reduce(0) { $0 + 1 / (1 + exp(-scaling($1))) }
        #expect(abs(predicted / Double(labels.count { $0 }) - 1) < 1e-3)
    }

    @Test(arguments: [[-2.0, -1, 1, 2], [-1e4, -1e3, 1e3, 1e4]])
    func `is finite where a threshold parts the classes`(logits: [Double]) throws {
        let scaling = try PlattScaling(LabelledScores(logits, labels: [false, false, true, true]))
        #expect(scaling.slope.isFinite && scaling.slope > 0)
        #expect(abs(scaling.intercept) < 1e-6 * max(1, scaling.slope * 1e4))
    }

    @Test func `falls where clicks are less likely for higher logits`() throws {
        let scaling = try PlattScaling(LabelledScores([2.0, 1, -1, -2], labels: [false, false, true, true]))
        #expect(scaling.slope < 0)
    }

    @Test func `logits that are all equal get the mean rate`() throws {
        let scaling = try PlattScaling(
            LabelledScores([0.7, 0.7, 0.7, 0.7], labels: [true, false, false, false]))
        // Platt's targets: (1 · 2/3 + 3 · 1/5) / 4.
        #expect(abs(1 / (1 + exp(-scaling(0.7))) - (2.0 / 3 + 3.0 / 5) / 4) < 1e-6)
    }

    @Test func `one class alone has none`() throws {
        let samples = try LabelledScores([0.1, 0.2], labels: [true, true])
        #expect(throws: MetricError.oneClass(positives: 2, negatives: 0)) { try PlattScaling(samples) }
    }
}
