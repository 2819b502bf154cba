import Files
import Foundation
import Terminal
import Training

/// Tells on standard error how a training goes: a bar on a terminal, plain lines elsewhere.
struct TrainingReporter {
    /// What stands before each line where several trainings run side by side.
    var prefix = ""
    /// Whether to draw the bar on a terminal.
    var isDrawing = true
    private var last: TrainingProgress?
    private var begin: Int?

    init(prefix: String = "", isDrawing: Bool = true) {
        self.prefix = prefix
        self.isDrawing = isDrawing && ProgressBar.shared.isDrawing
    }

    mutating func show(_ event: TrainingEvent, split: String) {
        switch event {
        case .step(let samples, let total):
            let first = begin ?? samples
            begin = first
            guard isDrawing else { return }
            let progress = last
            ProgressBar.shared.show("training", done: UInt64(samples), total: UInt64(total)) { seconds in
                let rate = Double(samples - first) / max(seconds, 1e-3)
                let left = ProgressBar.timeLeft(
                    done: UInt64(samples - first), total: UInt64(total - first), seconds: seconds)
                let loss = progress.map { ", loss " + Self.loss($0) } ?? ""
                return "\(Int(rate)) samples/s, at most \(left) left\(loss)"
            }
        case .progress(let progress):
            last = progress
            guard !isDrawing else { return }
            line(
                "step \(progress.step), epoch \(Self.epochs(progress.epochs)): loss \(Self.loss(progress)), "
                    + "\(Int(progress.samplesPerSecond)) samples/s")
        case .evaluated(let point, let isBest):
            line(
                "step \(point.step), epoch \(Self.epochs(point.epochs)), \(split): "
                    + "AUC \(TrainingResult.digits(point.metrics.auc)), "
                    + "log loss \(TrainingResult.digits(point.metrics.logLoss))\(isBest ? ", the best so far" : "")"
            )
        }
    }

    /// A line of its own; the bar comes again below it.
    func line(_ text: String) {
        StandardStream.error.writeLine((isDrawing ? "\r\u{1B}[K" : "") + prefix + text)
    }

    private static func epochs(_ value: Double) -> String { String(format: "%.2f", value) }

    private static func loss(_ progress: TrainingProgress) -> String {
        let target = String(format: "%.4f", progress.targetLoss)
        return progress.auxiliaryLoss == 0
            ? target : target + String(format: " and %.4f", progress.auxiliaryLoss)
    }
}
