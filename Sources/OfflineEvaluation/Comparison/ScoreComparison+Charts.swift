internal import Charts
internal import DIEN
internal import Experiment

// What a page shows of scores alone.
extension ScoreComparison {
    /// Names of the models that fit into a legend.
    var shortNames: [String] { scored.names.map(Self.shortened) }

    private static func shortened(_ name: String) -> String {
        name.count > 18 ? "\(name.prefix(8))…\(name.suffix(9))" : name
    }

    private var logits: [[Double]] { scored.scores.map { $0.map(ScoreAgreement.logit) } }

    var scatter: Drawing {
        let logits = logits
        return ScoreScatterChart(
            identifier: "scatter", title: "Probabilities of the same samples, on logit axes",
            names: (shortNames[0], shortNames[1]),
            points: zip(logits[0], logits[1]).map { ChartPoint(x: $0, y: $1) }
        ).drawing
    }

    var histogram: Drawing {
        let logits = logits
        return DifferenceHistogram(
            identifier: "differences", title: "Differences of the scores", xName: "Δ logit",
            values: zip(logits[0], logits[1]).map { $1 - $0 }
        ).drawing
    }

    func section(_ latency: ScoringLatency) -> String {
        let curves = [0, 1].map { model -> PercentileChart.Curve in
            let times = latency.seconds[model].sorted()
            let count = times.count
            let shares =
                [0.01, 0.05] + (1...9).map { Double($0) / 10 } + [0.95, 0.98, 0.99, 0.995, 0.998, 0.999]
            let inside = shares.filter { $0 * Double(count) >= 1 && (1 - $0) * Double(count) >= 1 }
            return PercentileChart.Curve(
                name: shortNames[model],
                points: inside.map { ($0 * 100, latency.quantile($0, model: model) * 1e6) })
        }
        let chart = PercentileChart(
            identifier: "latency", title: "Scoring time a sample", yName: "µs", curves: curves)
        var table = Table(columns: ["", "median", "p99"])
        for (model, name) in [first, second].enumerated() {
            table.add(
                name,
                [0.5, 0.99].map {
                    .number(Self.microseconds(latency.quantile($0, model: model)))
                })
        }
        table.add("ratio of medians", [.number(NumberText.fixed(latency.ratio, 2)), .number("")])
        let range = latency.totalRatio?.interval().map {
            "\(NumberText.fixed($0.lower, 2))–\(NumberText.fixed($0.upper, 2))"
        }
        if let total = latency.totalRatio {
            table.add(
                "ratio of totals", [.number(NumberText.fixed(total.value, 2), range: range), .number("")])
        }
        return Page.figures([chart.drawing]) + table.html
            + "<p class=\"note\">\(NumberText.count(latency.requests)) requests of "
            + "\(NumberText.fixed(latency.meanCandidates, 1)) candidates on average, by both models turn by turn on one "
            + "thread, in time of the processor; no network.</p>\n"
    }

    var disagreementCharts: String {
        let charts = disagreements.enumerated().map { index, disagreement -> String in
            let clicked = disagreement.isClicked.map { $0 ? ", clicked" : ", not clicked" } ?? ""
            let chart = InterestChart(
                identifier: "disagreement\(index + 1)",
                title: "\(disagreement.origin), target \(disagreement.target)\(clicked)",
                behaviours: disagreement.behaviours,
                targets: [0, 1].map { model in
                    InterestChart.Target(
                        name: shortNames[model],
                        probability: Double(disagreement.explained[model].probability),
                        attention: disagreement.attention(model).map(Double.init),
                        changes: disagreement.stateChanges(model).map(Double.init), path: [])
                })
            return Page.wideFigure(chart.drawing)
        }
        return
            "<p class=\"note\">Samples with the largest |Δp|, at most one a user or request: the attention of both models over the "
            + "history.</p>\n" + charts.joined()
    }

    /// Agreement and drift as a table, with another figure at its end.
    func figureTable(adding last: Figure? = nil) -> String {
        var table = Table(columns: ["", ""])
        for figure in figures + [last].compactMap({ $0 }) {
            table.add(figure.name, [.number(figure.value, range: figure.range)])
        }
        return table.html
            + "<p class=\"note\">Kendall's τ is counted over neighbouring samples of one user and one history, as candidates of "
            + "one request. The limits of PSI and KS are those of independent samples; these are the same ones twice, which "
            + "chance moves less.</p>\n"
    }
}
