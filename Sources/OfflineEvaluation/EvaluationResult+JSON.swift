internal import Experiment
internal import Foundation

extension EvaluationResult {
    /// One JSON object on one line, with sorted keys.
    public func json() throws -> String {
        try Self.line(Document(self))
    }

    /// A document on one line, with sorted keys in snake case.
    static func line(_ document: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return String(decoding: try encoder.encode(document), as: UTF8.self)
    }

    /// The shape of the JSON; a figure that the samples do not give is left out.
    struct Document: Encodable {
        let data: String
        let split: String
        let samples: Int
        let clicks: Int
        let users: Int
        let models: [Judged]
        let comparison: [String: Tested]?
        let segments: [Part]?

        init(_ result: EvaluationResult) {
            data = result.data
            split = result.split
            samples = result.evaluations[0].samples
            clicks = result.evaluations[0].positives
            users = result.evaluations[0].groups
            models = zip(result.names, result.evaluations).map(Judged.init)
            comparison = result.comparison.map(Document.tests)
            segments = result.segments.isEmpty ? nil : result.segments.map { Part($0, result.names) }
        }

        static func tests(_ comparison: EvaluationComparison) -> [String: Tested] {
            comparison.tests.reduce(into: [:]) { $0[$1.key] = $1.test.map(Tested.init) }
        }
    }

    struct Judged: Encodable {
        let model: String
        let metrics: [String: Figure]
        let calibrationError: Double
        let clippedSamples: Int
        let gaucSkippedUsers: Int?
        let bins: [Bin]

        init(_ name: String, _ evaluation: Evaluation) {
            model = name
            metrics = evaluation.figures.reduce(into: [:]) { $0[$1.key] = $1.estimate.map(Figure.init) }
            calibrationError = evaluation.calibration.expectedError
            clippedSamples = evaluation.logLoss.clippedSamples
            gaucSkippedUsers = evaluation.groupedAUC?.skippedGroups
            bins = evaluation.calibration.bins.map(Bin.init)
        }
    }

    struct Figure: Encodable {
        let value: Double
        let standardError: Double?
        let lower: Double?
        let upper: Double?

        init(_ estimate: Estimate) {
            value = estimate.value
            standardError = estimate.standardError
            let interval = estimate.interval()
            lower = interval?.lower
            upper = interval?.upper
        }
    }

    struct Tested: Encodable {
        let difference: Figure
        let z: Double?
        let p: Double?

        init(_ test: PairedTest) {
            difference = Figure(test.difference)
            z = test.z
            p = test.pValue
        }
    }

    struct Bin: Encodable {
        let lowest: Double
        let highest: Double
        let samples: Int
        let clicks: Int
        let predicted: Double
        let observed: Double
        let pcoc: Double?

        init(_ bin: Calibration.Bin) {
            lowest = bin.lowest
            highest = bin.highest
            samples = bin.count
            clicks = bin.positives
            predicted = bin.predicted
            observed = bin.observed
            pcoc = bin.ratio
        }
    }

    struct Part: Encodable {
        let segment: String
        let samples: Int
        let clicks: Int
        let models: [Judged]?
        let comparison: [String: Tested]?
        let meanLogitDistance: Figure?

        init(_ segment: Segment, _ names: [String]) {
            self.segment = segment.name
            samples = segment.samples
            clicks = segment.positives
            models = segment.evaluations.map { zip(names, $0).map(Judged.init) }
            comparison = segment.comparison.map(Document.tests)
            meanLogitDistance = segment.agreement.map { Figure($0.meanLogitDistance) }
        }
    }
}
