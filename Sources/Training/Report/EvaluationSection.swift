internal import Charts
internal import Experiment

/// The parts of a page that show an evaluation.
enum EvaluationSection {
    /// One row a metric, one column a split, each figure with its 95 % interval.
    static func metrics(_ results: [(split: String, evaluation: Evaluation)]) -> String {
        var table = Table(columns: ["metric"] + results.map(\.split))
        func add(_ name: String, digits: Int = 4, _ estimate: (Evaluation) -> Estimate?) {
            table.add(name, results.map { cell(estimate($0.evaluation), digits) })
        }
        add("AUC") { $0.auc.estimate }
        add("GAUC by impressions") { $0.groupedAUC?.estimate(.meanBySampleNumber) }
        add("GAUC by clicks") { $0.groupedAUC?.estimate(.meanByPositiveNumber) }
        add("GAUC by users") { $0.groupedAUC?.estimate(.mean) }
        add("log loss") { $0.logLoss.estimate }
        add("normalized entropy") { $0.logLoss.normalizedEntropy }
        add("PCOC") { $0.calibration.ratio }
        table.add(
            "calibration error",
            results.map { .number(NumberText.fixed($0.evaluation.calibration.expectedError, 4)) })
        table.add("samples", results.map { .number(NumberText.count($0.evaluation.samples)) })
        table.add("clicks", results.map { .number(NumberText.count($0.evaluation.positives)) })
        table.add("users", results.map { .number(NumberText.count($0.evaluation.groups)) })
        return table.html
            + "<p class=\"note\">Small print under a figure is its 95 % interval; users, not impressions, are what "
            + "varies. Users with one class only have no AUC of their own and are left out of GAUC.</p>\n"
    }

    private static func cell(_ estimate: Estimate?, _ digits: Int) -> Table.Cell {
        guard let estimate else { return .number("–") }
        let range = estimate.interval().map {
            "\(NumberText.fixed($0.lower, digits))–\(NumberText.fixed($0.upper, digits))"
        }
        return .number(NumberText.fixed(estimate.value, digits), range: range)
    }

    /// The plot, and the bins as a table to be opened.
    static func calibration(_ evaluation: Evaluation, split: String) -> String {
        let bins = evaluation.calibration.bins
        let chart = CalibrationChart(
            identifier: "calibration", title: "Observed against predicted click rate, \(bins.count) bins",
            bins: bins.map { bin in
                let interval = bin.interval()
                return CalibrationChart.Bin(
                    predicted: bin.predicted, observed: bin.observed, lower: interval.lower,
                    upper: interval.upper)
            })
        return Page.figures([chart.drawing])
            + "<details><summary>The bins as a table</summary>\(table(of: bins))</details>\n"
    }

    private static func table(of bins: [Calibration.Bin]) -> String {
        var table = Table(columns: ["bin", "scores", "samples", "clicks", "predicted", "observed", "PCOC"])
        for (index, bin) in bins.enumerated() {
            let interval = bin.interval()
            table.add(
                "\(index + 1)",
                [
                    .number("\(NumberText.fixed(bin.lowest, 4))–\(NumberText.fixed(bin.highest, 4))"),
                    .number(NumberText.count(bin.count)), .number(NumberText.count(bin.positives)),
                    .number(NumberText.fixed(bin.predicted, 4)),
                    .number(
                        NumberText.fixed(bin.observed, 4),
                        range:
                            "\(NumberText.fixed(interval.lower, 4))–\(NumberText.fixed(interval.upper, 4))"
                    ),
                    .number(bin.ratio.map { NumberText.fixed($0, 3) } ?? "–"),
                ])
        }
        return table.html
    }
}
