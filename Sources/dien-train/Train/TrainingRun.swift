import Charts
import DIEN
import Datasets
import Experiment
import Files
import Foundation
import ModelRegistry
import OfflineEvaluation
import Tensors
import Training

/// One training in a folder of its own: checkpoints while it runs; at the end the model folder, the log, the report and
/// the result.
struct TrainingRun: Sendable {
    let datasetPath: String
    let sizes: ModelSizes
    let options: TrainerOptions
    let output: String
    /// A model folder, or a model of the registry, to go on from.
    var from: String?
    var registry = "registry"

    /// Where its checkpoints are.
    var checkpoints: CheckpointFolder { CheckpointFolder(path: "\(output)/checkpoint") }
    /// Where its model will be.
    var model: String { "\(output)/model" }

    /// Trains to the end, from the checkpoint if there is one; nil when it was asked to stop, and the checkpoint written.
    func perform(
        isStopping: () -> Bool, observe: (TrainingEvent) -> Void
    ) throws -> TrainingResult? {
        let began = Date()
        let dataset = try Dataset(path: datasetPath)
        let trainer = try Trainer(network(dataset), on: dataset, options, checkpoints: checkpoints)
        do {
            try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true)
        } catch {
            throw CommandError.unwritable(path: output, reason: "its folder cannot be made")
        }
        _ = try trainer.resume()
        let log = try TrainingLog(path: "\(output)/train.jsonl", keepingUpTo: trainer.state.step)
        let split = options.selectionSplit.rawValue
        var failure: (any Error)?
        let isOver = try trainer.run(isStopping: { failure != nil || isStopping() }) { event in
            observe(event)
            do { try log.write(event, split: split) } catch { failure = failure ?? error }
        }
        if let failure { throw failure }
        guard isOver else { return nil }
        return try finish(trainer, dataset, log, seconds: Date().timeIntervalSince(began))
    }

    private func network(_ dataset: Dataset) throws -> Network {
        let configuration = try sizes.configuration(of: dataset.description)
        guard let from else {
            return try Network(configuration, seed: options.seed, threads: options.threads)
        }
        let files: any ModelFiles =
            FileManager.default.fileExists(atPath: "\(from)/config.json")
            ? ModelFolder(path: from) : try RegisteredFiles.find(from, in: registry).files
        return try Network(
            continuing: files, configuration, vocabularyPath: dataset.vocabularyPath, seed: options.seed,
            threads: options.threads)
    }

    private func finish(
        _ trainer: Trainer, _ dataset: Dataset, _ log: TrainingLog, seconds: Double
    ) throws -> TrainingResult? {
        guard let best = trainer.state.best else { return nil }
        let hasTest = dataset.samples(.test).count > 0
        var evaluations = [(split: "train", evaluation: try trainer.evaluate(.train))]
        if options.selectionSplit == .validation {
            evaluations.append(("validation", try trainer.evaluate(.validation)))
        }
        if hasTest { evaluations.append(("test", try trainer.evaluate(.test))) }
        let test = hasTest ? evaluations.last.map { EvaluationMetrics($0.evaluation) } : nil
        let rates = log.progress.map(\.samplesPerSecond).sorted()
        let result = TrainingResult(
            architecture: sizes.architecture.rawValue, preset: sizes.effectivePreset.rawValue,
            seed: options.seed, dataset: Self.name(of: datasetPath),
            selectionSplit: options.selectionSplit.rawValue, best: best, calibration: trainer.scaling,
            test: test, state: trainer.state,
            epochs: Double(trainer.state.samples) / Double(dataset.samples(.train).count),
            samplesPerSecond: rates.isEmpty ? 0 : rates[rates.count / 2],
            seconds: trainer.state.seconds > seconds ? trainer.state.seconds : seconds,
            threads: options.threads, model: model)
        try write(trainer, dataset, result)
        let report = TrainingRunReport(result: result, options: options, sizes: sizes)
        try Self.write(
            report.html(evaluations, trainer.state, log.progress), to: "\(output)/report.html")
        // Last: who finds it finds all the rest.
        try Self.write(result.json() + "\n", to: "\(output)/\(TrainingResult.fileName)")
        try checkpoints.clear()
        return result
    }

    private func write(_ trainer: Trainer, _ dataset: Dataset, _ result: TrainingResult) throws {
        var facts: [JSONValue.Member] = [
            .init(key: "dataset", value: .string(result.dataset)),
            .init(key: "seed", value: .number("\(result.seed)")),
            .init(key: "steps", value: .number("\(result.best.step)")),
            .init(key: "\(result.selectionSplit)_auc", value: .number("\(result.best.metrics.auc)")),
        ]
        if let calibration = result.calibration {
            facts.append(.init(key: "platt_slope", value: .number("\(calibration.slope)")))
            facts.append(.init(key: "platt_intercept", value: .number("\(calibration.intercept)")))
        }
        if let test = result.test, result.selectionSplit != "test" {
            facts.append(.init(key: "test_auc", value: .number("\(test.auc)")))
        }
        let requests = try GoldenRequests.make(dataset, trainer.network.configuration)
        try TrainedModel(
            network: trainer.network, vocabularyPath: dataset.vocabularyPath, requests: requests,
            metadata: facts
        ).write(to: model, replacing: true)
    }

    /// The last part of a path, since those of this machine stay out of what travels.
    static func name(of path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

    static func write(_ text: String, to path: String) throws {
        do { try text.write(toFile: path, atomically: true, encoding: .utf8) } catch {
            throw CommandError.unwritable(path: path, reason: "its folder has to be there and writable")
        }
    }
}
