import Charts
import Datasets
import Experiment
import Terminal

/// What `feedback import` prints.
struct FeedbackImportReport: Encodable {
    /// What came to one arm.
    struct Arm: Encodable {
        let model: String
        let experiment: String
        let arm: String
        let version: UInt64
        let impressions: Double
        let clicks: Double
        /// Impressions whose window is open.
        let open: Double
    }

    /// Lines that could not be read.
    struct Malformed: Encodable {
        struct Line: Encodable {
            let file: String
            let line: Int
            let reason: String
        }

        let count: Int
        let first: [Line]
    }

    let output: String
    let lines: Int
    let malformed: Malformed
    let requests: Int
    let unreadable: Int
    let events: FeedbackCounts
    let arms: [Arm]

    init(
        _ tally: ServerTally, requests: Int, unreadable: Int, lines: Int, malformed: MalformedLines,
        output: String
    ) {
        self.output = output
        self.lines = lines
        self.malformed = Malformed(
            count: malformed.count,
            first: malformed.first.map { .init(file: $0.path, line: $0.number, reason: $0.reason) })
        self.requests = requests
        self.unreadable = unreadable
        events = tally.feedback
        arms = tally.models.flatMap { model in
            model.experiments.flatMap { experiment in
                experiment.arms.map { arm in
                    Arm(
                        model: model.model, experiment: experiment.experiment, arm: arm.name,
                        version: arm.version, impressions: arm.counters.total(.impressions),
                        clicks: arm.counters.total(.clicks), open: arm.open[.impressions])
                }
            }
        }
    }

    /// For people.
    var text: String {
        let rest = [
            (events.late, "late"), (events.early, "early"), (events.unmatched, "of no logged request"),
            (events.duplicate, "told before"), (events.invalid, "impossible"),
        ]
        var lines = [
            "\(NumberText.count(self.lines)) lines, \(NumberText.count(malformed.count)) malformed; "
                + "\(NumberText.count(requests)) requests of the log"
                + (unreadable > 0 ? ", \(NumberText.count(unreadable)) cannot be read" : ""),
            "\(NumberText.count(Int(clamping: events.accepted))) events counted"
                + rest.filter { $0.0 > 0 }.map { ", \(NumberText.count(Int(clamping: $0.0))) \($0.1)" }
                .joined(),
        ]
        let rows = arms.map { arm in
            [
                arm.model, arm.experiment.isEmpty ? "-" : arm.experiment, arm.arm, "\(arm.version)",
                NumberText.fixed(arm.impressions, 0), NumberText.fixed(arm.clicks, 0),
                NumberText.fixed(arm.open, 0),
            ]
        }
        let head = ["model", "experiment", "arm", "version", "impressions", "clicks", "still open"]
        if !rows.isEmpty { lines += ["", TextTable(rows: [head] + rows).text] }
        return (lines + ["", "written to \(output); judge by --from \(output)"]).joined(separator: "\n")
    }
}
