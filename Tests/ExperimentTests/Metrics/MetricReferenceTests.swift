import Experiment
import Foundation
import Testing

/// Figures that others have published.
@Suite struct MetricReferenceTests {
    /// 113 patients (Turck et al., Intensive Care Medicine 36, 2010), the data set of R's pROC; the figures are those of
    /// its `auc`, `var` and `roc.test(method = "delong", paired = TRUE)`. The second marker has five levels, so ties.
    @Test func `DeLong's test gives what pROC gives`() throws {
        let url = try #require(Bundle.module.url(forResource: "Vectors/asah", withExtension: "tsv"))
        let rows = try String(contentsOf: url, encoding: .utf8).split(separator: "\n").dropFirst().map {
            try $0.split(separator: "\t").map { try #require(Double($0)) }
        }
        #expect(rows.count == 113)
        let labels = rows.map { $0[0] == 1 }
        let protein = try LabelledScores(rows.map { $0[1] }, labels: labels)
        let grade = try LabelledScores(rows.map { $0[2] }, labels: labels)
        #expect(isClose(try AUC(protein).value, 0.73136856368563685, within: 1e-14))
        #expect(isClose(try AUC(grade).value, 0.82367886178861793, within: 1e-14))
        #expect(isClose(try AUC(protein).estimate.variance, 0.0026686824571724378, within: 1e-13))
        #expect(isClose(try AUC(grade).estimate.variance, 0.0014699147088236264, within: 1e-13))
        let test = try AUC.comparison(grade, protein)
        #expect(isClose(test.z, -2.2089835914409077, within: 1e-12))
        #expect(isClose(test.pValue, 0.02717578222918815, within: 1e-12))
    }

    /// TorchEasyRec's tests of its normalized entropy.
    @Test(arguments: [
        ([0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5], [0, 1, 0, 1, 1, 0, 1, 0], 1.0),
        ([0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 1.0, 0.0], [0, 1, 0, 1, 1, 0, 1, 0], 0.0),
        ([0.1, 0.4, 0.6, 0.9], [0, 0, 1, 1], 0.44448435),
        ([0.2, 0.5, 0.8], [0, 1, 1], 0.59670544), ([0.3, 0.7], [0, 1], 0.51457322),
    ])
    func `normalized entropy gives what TorchEasyRec gives`(
        scores: [Double], labels: [Int], expected: Double
    ) throws {
        let loss = try LogLoss(LabelledScores(scores, labels: labels.map { $0 == 1 }))
        #expect(abs(try #require(loss.normalizedEntropy).value - expected) <= 1e-6)
    }

    /// TorchEasyRec's test of its grouped AUC: one user ordered wrongly, one rightly, two of one class.
    @Test func `GAUC gives what TorchEasyRec gives`() throws {
        let samples = try LabelledScores(
            [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8],
            labels: [true, false, true, false, false, false, true, true])
        let gauc = try GroupedAUC(samples, groups: SampleGroups([1, 2, 2, 1, 3, 3, 4, 4]))
        #expect(gauc.estimate(.mean).value == 0.5)
        #expect(gauc.groupCount == 2 && gauc.skippedGroups == 2 && gauc.skippedSamples == 4)
    }
}
