internal import Charts
internal import DIEN
internal import Experiment

extension ComparisonPage {
    private var names: [String] { comparison.scores.shortNames }

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
}
