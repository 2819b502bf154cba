internal import Charts
internal import DIEN
internal import Experiment
internal import Terminal

extension ScoreComparison {
    /// For people.
    var text: String {
        var blocks = [TextTable(rows: scoreRows).text]
        if segments.count > 1 { blocks.append(TextTable(rows: segmentRows).text) }
        if let latency { blocks.append(TextTable(rows: latencyRows(latency)).text) }
        if !disagreements.isEmpty { blocks.append(TextTable(rows: disagreementRows).text) }
        return blocks.joined(separator: "\n\n")
    }

    private var segmentRows: [[String]] {
        [
            [
                "segments", "samples", "|Δ logit|", "95 % interval", "p99 |Δp|", "Kendall τ", "other first",
                "overlap",
            ]
        ]
            + segments.map { segment in
                let agreement = segment.agreement
                func number(_ value: Double?) -> String { value.map { NumberText.fixed($0, 4) } ?? "-" }
                let range = agreement.meanLogitDistance.interval().map { Figure.text($0, 4) }
                return [
                    segment.name, NumberText.count(segment.samples),
                    number(agreement.meanLogitDistance.value), range ?? "-", number(agreement.p99Distance),
                    number(agreement.meanKendallTau?.value), number(agreement.changedTopShare?.value),
                    number(agreement.meanOverlap?.value),
                ]
            }
    }

    /// Agreement and drift: a figure, and its limits.
    var scoreRows: [[String]] {
        figures.reduce(into: [["scores", "", "95 % interval"]]) { rows, figure in
            rows.append([figure.name, figure.value, figure.range ?? ""])
        }
    }

    func latencyRows(_ latency: ScoringLatency) -> [[String]] {
        [
            ["scoring time a sample", "median", "p99"],
            [first] + [0.5, 0.99].map { Self.microseconds(latency.quantile($0, model: 0)) },
            [second] + [0.5, 0.99].map { Self.microseconds(latency.quantile($0, model: 1)) },
            ["ratio of medians", NumberText.fixed(latency.ratio, 2)],
        ]
    }

    var disagreementRows: [[String]] {
        [["biggest disagreements", "clicked", first, second, "behaviours", "looks at", "looks at"]]
            + disagreements.map { disagreement in
                [
                    "\(disagreement.origin), target \(disagreement.target)",
                    disagreement.isClicked.map { $0 ? "yes" : "no" } ?? "-",
                ] + disagreement.explained.map { NumberText.fixed(Double($0.probability), 4) }
                    + ["\(disagreement.behaviours.count)"]
                    + [0, 1].map { disagreement.strongest($0) ?? "-" }
            }
    }

    /// A duration of a request.
    static func microseconds(_ seconds: Double) -> String { "\(NumberText.fixed(seconds * 1e6, 1)) µs" }
}

extension ScoreComparison {
    /// One figure that text and page tell.
    struct Figure {
        let name: String
        let value: String
        var range: String?
    }

    /// How near the scores are, how far their distribution has moved.
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
        return figures
    }
}

extension ScoreComparison.Figure {
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
