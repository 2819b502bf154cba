import Experiment
import Foundation
import Training

/// What a training came to: result.json of its folder, and what `--json` prints.
struct TrainingResult: Codable, Equatable, Sendable {
    var architecture: String
    var preset: String
    var seed: UInt64
    var dataset: String
    /// The split that the best parameters were picked on.
    var selectionSplit: String
    /// The evaluation that they were picked by.
    var best: EvaluationPoint
    /// What their logits were calibrated by afterwards; nil without `--calibration`.
    var calibration: PlattScaling?
    /// Their figures on the test split, calibrated; nil where it is empty.
    var test: EvaluationMetrics?
    var steps: Int
    var epochs: Double
    var samples: Int
    var seconds: Double
    /// Median over the log's lines.
    var samplesPerSecond: Double
    var threads: Int
    var model: String

    static let fileName = "result.json"

    private enum CodingKeys: String, CodingKey {
        case architecture, preset, seed, dataset, best, calibration, test, steps, epochs, samples, seconds,
            threads, model
        case selectionSplit = "selection_split"
        case samplesPerSecond = "samples_per_second"
    }

    /// That of a folder where a training has ended.
    init?(of folder: String) {
        guard let data = FileManager.default.contents(atPath: "\(folder)/\(Self.fileName)"),
            let value = try? JSONDecoder().decode(Self.self, from: data)
        else { return nil }
        self = value
    }

    init(
        architecture: String, preset: String, seed: UInt64, dataset: String, selectionSplit: String,
        best: EvaluationPoint, calibration: PlattScaling?, test: EvaluationMetrics?, state: TrainerState,
        epochs: Double,
        samplesPerSecond: Double, seconds: Double, threads: Int, model: String
    ) {
        self.architecture = architecture
        self.preset = preset
        self.seed = seed
        self.dataset = dataset
        self.selectionSplit = selectionSplit
        self.best = best
        self.calibration = calibration
        self.test = test
        steps = state.step
        samples = state.samples
        self.epochs = epochs
        self.samplesPerSecond = samplesPerSecond
        self.seconds = seconds
        self.threads = threads
        self.model = model
    }

    /// One line of JSON with sorted keys.
    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    /// For people.
    var text: String {
        func figures(_ metrics: EvaluationMetrics) -> String {
            "AUC \(Self.digits(metrics.auc)), GAUC \(metrics.gauc.map(Self.digits) ?? "–"), "
                + "log loss \(Self.digits(metrics.logLoss))"
        }
        var lines = [
            "\(architecture), \(preset), seed \(seed): best after step \(best.step) of \(steps)",
            "\(selectionSplit): \(figures(best.metrics))",
        ]
        if let calibration {
            lines.append(
                "calibrated: logit · \(Self.digits(calibration.slope)) + \(Self.digits(calibration.intercept))"
            )
        }
        if let test, selectionSplit != "test" { lines.append("test: \(figures(test))") }
        lines.append("model folder: \(model)")
        return lines.joined(separator: "\n")
    }

    static func digits(_ value: Double) -> String { String(format: "%.4f", value) }
}
