internal import Charts
internal import DIEN
internal import Experiment
internal import Terminal

extension ModelComparison {
    /// For people: the verdict first, then what it stands on.
    public var text: String {
        var blocks = [
            "\(verdict.decision.rawValue)  \(meaning)", TextTable(rows: checkRows).text,
            evaluation.text(withBins: false, withSegments: false), TextTable(rows: segmentRows).text,
            TextTable(rows: scores.scoreRows + liftRows).text,
        ]
        if let latency { blocks.append(TextTable(rows: scores.latencyRows(latency)).text) }
        if !disagreements.isEmpty { blocks.append(TextTable(rows: scores.disagreementRows).text) }
        return blocks.joined(separator: "\n\n")
    }

    private var checkRows: [[String]] {
        verdict.checks.map { check in
            [Self.padded(check.decision.rawValue, 12) + "\(check.name): \(check.reason)"]
        }
    }

    /// Differences alone: the figures of both would not fit a line.
    private var segmentRows: [[String]] {
        [
            [
                "segments", "samples", "AUC difference", "95 % interval", "log loss", "95 % interval",
                "|Δ logit|",
            ]
        ]
            + evaluation.segments.map { segment in
                let distance = segment.agreement?.meanLogitDistance.value
                let start = [segment.name, NumberText.count(segment.samples)]
                let tests = cells(segment.comparison?.auc) + cells(segment.comparison?.logLoss)
                return start + tests + [distance.map { NumberText.fixed($0, 4) } ?? "-"]
            }
    }

    /// A difference and its interval.
    private func cells(_ test: PairedTest?) -> [String] {
        guard let test else { return ["-", "-"] }
        let range = test.difference.interval().map {
            "\(NumberText.signed($0.lower, 4)) to \(NumberText.signed($0.upper, 4))"
        }
        return [NumberText.signed(test.difference.value, 4), range ?? "-"]
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    private var liftRows: [[String]] {
        liftFigure.map { [[$0.name, $0.value, $0.range ?? ""]] } ?? []
    }

    /// The lift at the last look.
    var liftFigure: ScoreComparison.Figure? {
        lift.looks.last.map { look in
            let percent = [look.interval.lower, look.interval.upper].map { NumberText.signed($0 * 100, 2) }
            return ScoreComparison.Figure(
                name: "lift in log loss", value: "\(NumberText.signed(look.lift * 100, 2)) %",
                range: "\(percent[0]) to \(percent[1]) at every look")
        }
    }
}
