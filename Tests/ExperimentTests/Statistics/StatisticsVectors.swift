import Foundation
import Testing

/// What `scripts/generate-statistics-vectors` writes: numbers by SciPy and by the definitions.
struct StatisticsVectors: Decodable {
    let chiSquared: ChiSquaredVectors
    let ratios: Ratios
    let evidence: [Evidence]
    let mannWhitney: [MannWhitneyCase]
    let ranks: [Ranks]
    let drift: Drift
    let normalQuantiles: [[Double]]

    struct ChiSquaredVectors: Decodable {
        let tails: [[Double]]
        let quantiles: [[Double]]
    }

    struct Ratios: Decodable {
        let numerators: [[Double]]
        let denominators: [[Double]]
        let values: [Double]
        let variances: [Double]
        let gain: Double
        let gainVariance: Double
    }

    struct Evidence: Decodable {
        let shares: [Double]
        let counts: [Int]
        let logEvidence: Double
    }

    struct MannWhitneyCase: Decodable {
        let experiment: [Double]
        let control: [Double]
        let shift: Double
        let lower: Double
        let upper: Double
        let effect: Double
    }

    struct Ranks: Decodable {
        let first: [Float]
        let second: [Float]
        let tau: Double?
    }

    struct Drift: Decodable {
        let first: [Double]
        let second: [Double]
        let distance: Double
        let p: Double
        let psi: Double
        let limit: Double
    }

    static func read() throws -> StatisticsVectors {
        let url = try #require(Bundle.module.url(forResource: "Vectors/statistics", withExtension: "json"))
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(StatisticsVectors.self, from: Data(contentsOf: url))
    }
}
