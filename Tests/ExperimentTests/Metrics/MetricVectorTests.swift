import Experiment
import Foundation
import Testing

/// Every metric against `scripts/generate-metric-vectors`: scikit-learn, SciPy, and the definitions by brute force.
@Suite struct MetricVectorTests {
    static let cases = MetricVectors.file?.cases ?? []
    static let both = [0, 1]

    @Test func `the vectors are there`() {
        #expect(Self.cases.map(\.name) == ["continuous", "ties", "rare, certain and wrong"])
    }

    @Test(arguments: cases, both)
    func `AUC, DeLong's and the clustered variance`(vectors: MetricVectors.Case, model: Int) throws {
        let expected = vectors.models[model]
        let samples = try vectors.samples(model)
        let auc = try AUC(samples)
        #expect(isClose(auc.value, expected.auc))
        #expect(isClose(auc.estimate.variance, expected.delongVariance))
        let interval = try #require(auc.estimate.interval())
        #expect(isClose(interval.lower, expected.logitInterval[0]))
        #expect(isClose(interval.upper, expected.logitInterval[1]))
        let clustered = try AUC(samples, groups: vectors.groups)
        #expect(clustered.value == auc.value)
        #expect(isClose(clustered.estimate.variance, expected.clusteredVariance))
        #expect(try AUC(samples, groups: SampleGroups(Array(0..<samples.count))) == auc)
    }

    @Test(arguments: cases)
    func `DeLong's paired test`(vectors: MetricVectors.Case) throws {
        let expected = vectors.aucDifference
        let test = try AUC.comparison(vectors.samples(0), vectors.samples(1))
        #expect(isClose(test.difference.value, expected.value, within: 1e-10))
        #expect(isClose(test.difference.variance, expected.variance, within: 1e-10))
        #expect(isClose(test.z, try #require(expected.z), within: 1e-10))
        #expect(isClose(test.pValue, expected.p, within: 1e-9))
        let clustered = try AUC.comparison(vectors.samples(0), vectors.samples(1), groups: vectors.groups)
        #expect(
            isClose(
                clustered.difference.variance, try #require(expected.clusteredVariance), within: 1e-10))
    }

    @Test(arguments: cases, both)
    func `GAUC in three weightings`(vectors: MetricVectors.Case, model: Int) throws {
        let expected = vectors.models[model].gauc
        let gauc = try GroupedAUC(vectors.samples(model), groups: vectors.groups)
        #expect(gauc.groupCount == expected.groups)
        #expect(gauc.skippedGroups == expected.skipped)
        for weighting in GroupedAUC.Weighting.allCases {
            let estimate = gauc.estimate(weighting)
            #expect(isClose(estimate.value, expected[weighting].value), "\(weighting)")
            #expect(isClose(estimate.variance, expected[weighting].variance), "\(weighting)")
        }
    }

    @Test(arguments: cases, both)
    func `log loss and normalized entropy`(vectors: MetricVectors.Case, model: Int) throws {
        let expected = vectors.models[model]
        let samples = try vectors.samples(model)
        let loss = try LogLoss(samples)
        #expect(isClose(loss.estimate.value, expected.logLoss))
        #expect(isClose(loss.estimate.variance, expected.logLossVariance))
        #expect(loss.clippedSamples == expected.clipped)
        #expect(isClose(loss.normalizedEntropy?.value, expected.normalizedEntropy))
        let clustered = try LogLoss(samples, groups: vectors.groups)
        #expect(isClose(clustered.estimate.variance, expected.logLossClusteredVariance))
        // The vectors differentiate numerically.
        #expect(
            isClose(
                clustered.normalizedEntropy?.variance, expected.normalizedEntropyVariance, within: 1e-5))
    }

    @Test(arguments: cases)
    func `the paired difference of log loss`(vectors: MetricVectors.Case) throws {
        let expected = vectors.logLossDifference
        let test = try LogLoss.comparison(vectors.samples(0), vectors.samples(1))
        #expect(isClose(test.difference.value, expected.value, within: 1e-10))
        #expect(isClose(test.difference.variance, expected.variance, within: 1e-10))
        #expect(isClose(test.pValue, expected.p, within: 1e-9))
    }

    @Test(arguments: cases, both)
    func `PCOC and calibration bins`(vectors: MetricVectors.Case, model: Int) throws {
        let expected = vectors.models[model]
        let calibration = try Calibration(vectors.samples(model), groups: vectors.groups)
        #expect(isClose(calibration.ratio?.value, expected.pcoc))
        #expect(isClose(calibration.ratio?.variance, expected.pcocVariance))
        #expect(calibration.bins.reduce(0) { $0 + $1.count } == vectors.labels.count)
        guard let bins = expected.calibration else { return }
        #expect(calibration.bins.count == 20)
        #expect(zip(calibration.bins.map(\.observed), bins.observed).allSatisfy { isClose($0, $1) })
        #expect(zip(calibration.bins.map(\.predicted), bins.predicted).allSatisfy { isClose($0, $1) })
        #expect(isClose(calibration.expectedError, bins.error))
        let wilson = calibration.bins[3].interval()
        #expect(isClose(wilson.lower, bins.wilsonOfBin3[0]) && isClose(wilson.upper, bins.wilsonOfBin3[1]))
    }

    @Test func `normal quantiles and tails are SciPy's`() throws {
        let file = try #require(MetricVectors.file)
        for (confidence, expected) in file.criticalValues {
            let level = try #require(Double(confidence))
            let interval = try #require(Estimate(value: 0, variance: 1).interval(confidence: level))
            #expect(isClose(interval.upper, expected, within: 1e-13), "\(confidence)")
        }
        for (z, expected) in file.pValues {
            let value = try #require(Double(z))
            let test = PairedTest(difference: Estimate(value: value, variance: 1))
            #expect(isClose(test.pValue, expected, within: 1e-12), "\(z)")
        }
    }
}
