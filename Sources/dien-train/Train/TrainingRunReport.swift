import Charts
import Experiment
import Foundation
import Training

/// The page of a training that is over.
struct TrainingRunReport {
    let result: TrainingResult
    let options: TrainerOptions
    let sizes: ModelSizes

    /// report.html of these evaluations and this course.
    func html(
        _ evaluations: [(split: String, evaluation: Evaluation)], _ state: TrainerState,
        _ progress: [TrainingProgress]
    ) -> String {
        var curves = TrainingReport.Curves()
        curves.targetLoss = progress.map { ChartPoint(x: $0.epochs, y: $0.targetLoss) }
        if progress.contains(where: { $0.auxiliaryLoss != 0 }) {
            curves.auxiliaryLoss = progress.map { ChartPoint(x: $0.epochs, y: $0.auxiliaryLoss) }
        }
        curves.selectionAUC = state.evaluations.map { ChartPoint(x: $0.epochs, y: $0.metrics.auc) }
        curves.selectionLogLoss = state.evaluations.map { ChartPoint(x: $0.epochs, y: $0.metrics.logLoss) }
        curves.selectionSplit = result.selectionSplit
        curves.best = result.best.epochs
        return TrainingReport(
            title: "\(result.architecture) on \(result.dataset)",
            lead: "Preset \(result.preset), seed \(result.seed); the parameters kept are those after step "
                + "\(result.best.step), the best on split \(result.selectionSplit).",
            curves: curves, results: evaluations, configuration: configuration, facts: facts
        ).html
    }

    private var configuration: [TrainingReport.Fact] {
        [
            .init("architecture, preset", "\(result.architecture), \(result.preset)"),
            .init("embedding size", "\(sizes.embedding)"),
            .init("head", sizes.headHidden.map(String.init).joined(separator: "-")),
            .init("batch size", "\(options.batchSize)"), .init("history", "the newest \(options.maxHistory)"),
            .init("learning rate", "\(options.schedule.base), \(options.schedule.decay.rawValue)"),
            .init("weight decay", "\(options.adam.weightDecay)"),
            .init("clip norm", options.adam.clipNorm.map { "\($0)" } ?? "none"),
            .init(
                "auxiliary weight",
                "\(options.auxiliaryWeight), mean over \(options.auxiliaryNormalisation.rawValue)"),
            .init(
                "calibration",
                result.calibration.map { "logit · \($0.slope) + \($0.intercept)" } ?? "none"),
            .init("seed", "\(options.seed)"),
        ]
    }

    private var facts: [TrainingReport.Fact] {
        [
            .init("data set", result.dataset), .init("steps", "\(result.steps)"),
            .init("epochs", String(format: "%.2f", result.epochs)),
            .init("samples/s, median", "\(Int(result.samplesPerSecond))"),
            .init("threads", "\(result.threads)"), .init("seconds", "\(Int(result.seconds))"),
        ]
    }
}
