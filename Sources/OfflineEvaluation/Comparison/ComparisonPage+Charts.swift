internal import Charts
internal import DIEN
internal import Experiment

extension ComparisonPage {
    /// Names of the models that fit into a legend.
    private var names: [String] { comparison.evaluation.names.map(Self.shortened) }

    private static func shortened(_ name: String) -> String {
        name.count > 18 ? "\(name.prefix(8))…\(name.suffix(9))" : name
    }

    private var logits: [[Double]] { comparison.scored.scores.map { $0.map(ScoreAgreement.logit) } }

    var scatter: Drawing {
        let logits = logits
        return ScoreScatterChart(
            identifier: "scatter", title: "Probabilities of the same samples, on logit axes",
            names: (names[0], names[1]), points: zip(logits[0], logits[1]).map { ChartPoint(x: $0, y: $1) }
        ).drawing
    }

    var histogram: Drawing {
        let logits = logits
        return DifferenceHistogram(
            identifier: "differences", title: "Differences of the scores", xName: "Δ logit",
            values: zip(logits[0], logits[1]).map { $1 - $0 }
        ).drawing
    }

    var roc: Drawing {
        let curves = [0, 1].map { model -> LineChart.Series in
            // Both classes are there, or the comparison would not be.
            let curve = try? ROCCurve(comparison.scored.samples(model))
            let points = curve?.thinned(to: 200) ?? []
            return LineChart.Series(
                name: names[model],
                points: points.map { ChartPoint(x: $0.falsePositiveRate, y: $0.truePositiveRate) })
        }
        return LineChart(
            identifier: "roc", title: "ROC: clicks found against others taken with them",
            xName: "false positive rate", yName: "true positive rate", series: curves,
            guide: [ChartPoint(x: 0, y: 0), ChartPoint(x: 1, y: 1)]
        ).drawing
    }

    var calibration: Drawing {
        let curves = zip(names, comparison.evaluation.evaluations).map { name, evaluation in
            (
                name: name,
                bins: evaluation.calibration.bins.map { bin in
                    let interval = bin.interval()
                    return CalibrationChart.Bin(
                        predicted: bin.predicted, observed: bin.observed, lower: interval.lower,
                        upper: interval.upper)
                }
            )
        }
        return CalibrationChart(
            identifier: "calibration", title: "Observed against predicted click rate", curves: curves
        ).drawing
    }

    var lift: Drawing {
        let looks = comparison.lift.looks
        let last = Double(looks.last?.units ?? 1)
        return LineChart(
            identifier: "lift", title: "Cumulative gain in log loss, with its confidence sequence",
            xName: "users", yName: "gain, %",
            series: [
                LineChart.Series(
                    name: "gain", points: looks.map { ChartPoint(x: Double($0.units), y: $0.lift * 100) },
                    band: looks.map {
                        (Double($0.units), $0.interval.lower * 100, $0.interval.upper * 100)
                    })
            ], guide: [ChartPoint(x: 0, y: 0), ChartPoint(x: last, y: 0)], digits: 2
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
                name: names[model],
                points: inside.map { ($0 * 100, latency.quantile($0, model: model) * 1e6) })
        }
        let chart = PercentileChart(
            identifier: "latency", title: "Scoring time a sample", yName: "µs", curves: curves)
        var table = Table(columns: ["", "median", "p99"])
        for (model, name) in [comparison.first, comparison.second].enumerated() {
            table.add(
                name,
                [0.5, 0.99].map {
                    .number(ModelComparison.microseconds(latency.quantile($0, model: model)))
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

    var disagreements: String {
        let names = names
        let charts = comparison.disagreements.enumerated().map { index, disagreement -> String in
            let clicked = disagreement.isClicked ? "clicked" : "not clicked"
            let chart = InterestChart(
                identifier: "disagreement\(index + 1)",
                title: "User \(disagreement.user), target \(disagreement.target), \(clicked)",
                behaviours: disagreement.behaviours,
                targets: [0, 1].map { model in
                    InterestChart.Target(
                        name: names[model],
                        probability: Double(disagreement.explained[model].probability),
                        attention: disagreement.attention(model).map(Double.init),
                        changes: disagreement.stateChanges(model).map(Double.init), path: [])
                })
            return Page.wideFigure(chart.drawing)
        }
        return
            "<p class=\"note\">Samples with the largest |Δp|, at most one a user: the attention of both models over the "
            + "history.</p>\n" + charts.joined()
    }
}
