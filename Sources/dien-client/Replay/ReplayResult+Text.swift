import Charts
import Experiment
import GRPC
import Terminal

extension ReplayResult {
    /// For people.
    var text: String {
        var blocks = [heading]
        if recorder.latency.count > 0 { blocks.append(TextTable(rows: latencyRows).text) }
        if !arms.isEmpty { blocks.append(TextTable(rows: armRows).text) }
        if recorder.repeated.requests > 0 {
            blocks.append(
                "\(NumberText.count(recorder.repeated.equal)) of \(NumberText.count(recorder.repeated.requests)) answers by "
                    + "the version that answered then are equal to the bit")
        }
        if recorder.feedback != Experiment.FeedbackCounts() || recorder.failedReports > 0 {
            blocks.append(feedbackLine)
        }
        return blocks.joined(separator: "\n\n")
    }

    private var heading: String {
        var lines = [
            "\(NumberText.count(recorder.answered)) of \(NumberText.count(planned)) requests answered in "
                + "\(NumberText.fixed(seconds, 1)) s, \(LoadResult.rate(rate))/s"
                + (signal == nil ? "" : ", interrupted")
        ]
        for (code, count) in recorder.failures.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            let message = DIENClient.oneLine(recorder.messages[code] ?? "")
            lines.append("  \(code)  \(NumberText.count(count))  \(message)")
        }
        if recorder.unreadable > 0 {
            lines.append("  \(NumberText.count(recorder.unreadable)) logged requests cannot be read")
        }
        return lines.joined(separator: "\n")
    }

    private var latencyRows: [[String]] {
        [["ms"] + LatencySummary.names + ["max", "mean"]]
            + [("latency", latency), ("service", service)].map { name, summary in
                [name] + (summary.values + [summary.maximum, summary.mean]).map(MillisecondText.text)
            }
    }

    private var feedbackLine: String {
        let counts = recorder.feedback
        let rest = [
            (counts.late, "late"), (counts.early, "early"), (counts.unmatched, "unmatched"),
            (counts.duplicate, "duplicate"), (counts.invalid, "invalid"),
            (UInt64(recorder.failedReports), "requests not reported"),
        ]
        return "feedback: \(NumberText.count(Int(clamping: counts.accepted))) events accepted"
            + rest.filter { $0.0 > 0 }.map { ", \(NumberText.count(Int(clamping: $0.0))) \($0.1)" }.joined()
    }

    private var armRows: [[String]] {
        let head = [
            "arm", "version", "experiment", "users", "requests", "elsewhere", "clicks", "AUC", "95 %",
            "log loss",
            "95 %", "PCOC",
        ]
        return [head]
            + arms.map { judged in
                let start = [
                    judged.arm.name, judged.versions.map { "\($0)" }.joined(separator: ","),
                    judged.arm.experiment.isEmpty ? "-" : judged.arm.experiment,
                    NumberText.count(judged.users), NumberText.count(judged.requests),
                    NumberText.count(judged.fallbacks),
                ]
                guard let evaluation = judged.evaluation else {
                    return start + [String](repeating: "-", count: 6)
                }
                let ratio = evaluation.calibration.ratio.map { NumberText.fixed($0.value, 3) }
                return start + [NumberText.count(evaluation.positives)] + Self.cells(evaluation.auc.estimate)
                    + Self.cells(evaluation.logLoss.estimate) + [ratio ?? "-"]
            }
    }

    private static func cells(_ estimate: Estimate) -> [String] {
        let half = estimate.standardError.map { "± \(NumberText.fixed(1.96 * $0, 4))" }
        return [NumberText.fixed(estimate.value, 4), half ?? "-"]
    }
}
