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
            TextTable(rows: scoreRows).text,
        ]
        if let latency { blocks.append(TextTable(rows: latencyRows(latency)).text) }
        if !disagreements.isEmpty { blocks.append(TextTable(rows: disagreementRows).text) }
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

    /// Agreement, drift and lift: a figure, and its limits.
    private var scoreRows: [[String]] {
        figures.reduce(into: [["scores", "", "95 % interval"]]) { rows, figure in
            rows.append([figure.name, figure.value, figure.range ?? ""])
        }
    }

    private func latencyRows(_ latency: ScoringLatency) -> [[String]] {
        [
            ["scoring time a sample", "median", "p99"],
            [first] + [0.5, 0.99].map { Self.microseconds(latency.quantile($0, model: 0)) },
            [second] + [0.5, 0.99].map { Self.microseconds(latency.quantile($0, model: 1)) },
            ["ratio of medians", NumberText.fixed(latency.ratio, 2)],
        ]
    }

    private var disagreementRows: [[String]] {
        [["biggest disagreements", "clicked", first, second, "behaviours", "looks at", "looks at"]]
            + disagreements.map { disagreement in
                [
                    "user \(disagreement.user), target \(disagreement.target)",
                    disagreement.isClicked ? "yes" : "no",
                ] + disagreement.explained.map { NumberText.fixed(Double($0.probability), 4) }
                    + ["\(disagreement.behaviours.count)"]
                    + [0, 1].map { disagreement.strongest($0) ?? "-" }
            }
    }

    /// A duration of a request.
    static func microseconds(_ seconds: Double) -> String { "\(NumberText.fixed(seconds * 1e6, 1)) µs" }
}

extension ModelComparison {
    /// One figure that text and page tell.
    struct Figure {
        let name: String
        let value: String
        var range: String?
    }

    /// How near the scores are, how far their distribution has moved, and the lift.
    var figures: [Figure] {
        var figures = [
            Figure("mean |Δ logit|", agreement.meanLogitDistance, 4),
            Figure("mean Δp", agreement.meanDifference, 4),
            Figure(
                name: "p99 |Δp|", value: NumberText.fixed(agreement.p99Distance, 4),
                range: Figure.text(agreement.p99Interval, 4)),
            Figure(name: "largest |Δp|", value: NumberText.fixed(agreement.largestDistance, 4)),
        ]
        if let tau = agreement.meanKendallTau {
            figures.append(
                Figure("Kendall τ of \(NumberText.count(agreement.rankedRequests)) requests", tau, 4))
        }
        if let changed = agreement.changedTopShare {
            figures.append(
                Figure(
                    name: "another first candidate", value: NumberText.fixed(changed.value, 4),
                    range: Figure.text(changed.interval, 4)))
        }
        if let overlap = agreement.meanOverlap {
            figures.append(Figure("overlap of the first ten", overlap, 4))
        }
        if let stability {
            figures.append(
                Figure(
                    name: "PSI", value: NumberText.fixed(stability.value, 4),
                    range: "by chance up to \(NumberText.fixed(stability.limitByChance, 4))"))
        }
        if let kolmogorovSmirnov {
            figures.append(
                Figure(
                    name: "KS", value: NumberText.fixed(kolmogorovSmirnov.distance, 4),
                    range: "p \(NumberText.probability(kolmogorovSmirnov.pValue))"))
        }
        if let look = lift.looks.last {
            let percent = [look.interval.lower, look.interval.upper].map { NumberText.signed($0 * 100, 2) }
            figures.append(
                Figure(
                    name: "lift in log loss", value: "\(NumberText.signed(look.lift * 100, 2)) %",
                    range: "\(percent[0]) to \(percent[1]) at every look"))
        }
        return figures
    }
}

extension ModelComparison.Figure {
    init(_ name: String, _ estimate: Estimate, _ digits: Int) {
        self.init(
            name: name, value: NumberText.fixed(estimate.value, digits),
            range: estimate.interval().map { Self.text($0, digits) })
    }

    static func text(_ interval: ConfidenceInterval, _ digits: Int) -> String {
        "\(NumberText.fixed(interval.lower, digits)) to \(NumberText.fixed(interval.upper, digits))"
    }
}

extension Disagreement {
    /// The behaviour that a model looks at most, with its weight.
    func strongest(_ model: Int) -> String? {
        let weights = attention(model)
        guard let index = weights.indices.max(by: { weights[$0] < weights[$1] }), index < behaviours.count
        else { return nil }
        return "\(behaviours[index]) (\(NumberText.fixed(Double(weights[index]), 2)))"
    }
}
