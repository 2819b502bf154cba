import Experiment
import Foundation
import Testing

/// What `scripts/generate-metric-vectors` writes: samples, and what scikit-learn, SciPy and the definitions say of them.
struct MetricVectors: Decodable {
    let criticalValues: [String: Double]
    let pValues: [String: Double]
    let cases: [Case]

    struct Case: Decodable, CustomTestStringConvertible {
        let name: String
        let labels: [Int]
        let users: [Int]
        let scores: [[Double]]
        let models: [Model]
        let aucDifference: Difference
        let logLossDifference: Difference

        var testDescription: String { name }
        var groups: SampleGroups { SampleGroups(users) }
        func samples(_ model: Int) throws -> LabelledScores {
            try LabelledScores(scores[model], labels: labels.map { $0 == 1 })
        }
    }

    struct Model: Decodable {
        let auc: Double
        let delongVariance: Double
        let clusteredVariance: Double
        let logitInterval: [Double]
        let gauc: Gauc
        let logLoss: Double
        let logLossVariance: Double
        let logLossClusteredVariance: Double
        let normalizedEntropy: Double
        let normalizedEntropyVariance: Double
        let pcoc: Double
        let pcocVariance: Double
        let histogram: Histogram
        let platt: Platt
        let clipped: Int
        let calibration: Calibrated?
    }

    struct Histogram: Decodable {
        let auc: Double
        let variance: Double
        let groups: Int
    }

    struct Platt: Decodable {
        let logits: [Double]
        let slope: Double
        let intercept: Double
    }

    struct Gauc: Decodable {
        let mean: Value
        let meanBySampleNum: Value
        let meanByPositiveNum: Value
        let groups: Int
        let skipped: Int

        subscript(weighting: GroupedAUC.Weighting) -> Value {
            switch weighting {
            case .mean: mean
            case .meanBySampleNumber: meanBySampleNum
            case .meanByPositiveNumber: meanByPositiveNum
            }
        }
    }

    struct Value: Decodable {
        let value: Double
        let variance: Double
    }

    struct Difference: Decodable {
        let value: Double
        let variance: Double
        let p: Double
        let z: Double?
        let clusteredVariance: Double?
    }

    struct Calibrated: Decodable {
        let observed: [Double]
        let predicted: [Double]
        let error: Double
        let wilsonOfBin3: [Double]
    }

    static let file: MetricVectors? = try? decoded()

    private static func decoded() throws -> MetricVectors {
        let url = try #require(Bundle.module.url(forResource: "Vectors/metrics", withExtension: "json"))
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(MetricVectors.self, from: Data(contentsOf: url))
    }
}

/// |found - expected| in proportion to expected.
func isClose(_ found: Double?, _ expected: Double, within tolerance: Double = 1e-11) -> Bool {
    guard let found else { return false }
    return abs(found - expected) <= tolerance * max(abs(expected), .leastNormalMagnitude)
}
