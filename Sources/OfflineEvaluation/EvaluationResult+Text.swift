internal import Charts
internal import Experiment
internal import Terminal

extension EvaluationResult {
    /// For people: a table of every metric, and tables of the bins and the segments where they are wanted.
    public func text(withBins: Bool, withSegments: Bool = true) -> String {
        let first = evaluations[0]
        var blocks = [
            "\(data), \(split): \(NumberText.count(first.samples)) samples, \(NumberText.count(first.positives)) clicks, "
                + "\(NumberText.count(first.groups)) users",
            TextTable(rows: metricRows).text,
        ]
        if let gauc = first.groupedAUC, gauc.skippedGroups > 0 {
            blocks.append(
                "GAUC leaves out \(NumberText.count(gauc.skippedGroups)) users of one class "
                    + "(\(NumberText.count(gauc.skippedSamples)) samples).")
        }
        for (name, evaluation) in zip(names, evaluations) where evaluation.logLoss.clippedSamples > 0 {
            blocks.append("\(name): \(evaluation.logLoss.clippedSamples) probabilities were clipped to 1e-7.")
        }
        if let comparison { blocks.append(TextTable(rows: comparisonRows(comparison)).text) }
        if withSegments, !segments.isEmpty { blocks.append(TextTable(rows: segmentRows).text) }
        if withBins {
            for (name, evaluation) in zip(names, evaluations) {
                blocks.append("bins of \(name)\n" + TextTable(rows: binRows(evaluation.calibration)).text)
            }
        }
        return blocks.joined(separator: "\n\n")
    }

    private var metricRows: [[String]] {
        let figures = evaluations.map(\.figures)
        var rows = [[""] + names.flatMap { [$0, "95 % interval"] }]
        for row in figures[0].indices {
            rows.append(
                [figures[0][row].name]
                    + figures.flatMap { [number($0[row].estimate?.value), interval($0[row].estimate)] })
        }
        rows.append(
            ["calibration error"] + evaluations.flatMap { [number($0.calibration.expectedError), ""] })
        return rows
    }

    private func comparisonRows(_ comparison: EvaluationComparison) -> [[String]] {
        [["\(names[1]) - \(names[0])", "difference", "95 % interval", "z", "p"]]
            + comparison.tests.map { name, _, test in
                [
                    name, test.map { NumberText.signed($0.difference.value, 4) } ?? "-",
                    test?.difference.interval().map {
                        "\(NumberText.signed($0.lower, 4)) to \(NumberText.signed($0.upper, 4))"
                    } ?? "-",
                    test?.z.map { NumberText.signed($0, 2) } ?? "-",
                    test?.pValue.map(NumberText.probability) ?? "-",
                ]
            }
    }

    private var segmentRows: [[String]] {
        let heads = names.flatMap { ["AUC \($0)", "log loss", "PCOC"] }
        let compared = comparison == nil ? [] : ["AUC difference", "95 % interval", "p"]
        return [["", "samples"] + heads + compared]
            + segments.map { segment in
                let figures = names.indices.flatMap { model -> [String] in
                    guard let evaluation = segment.evaluations?[model] else { return ["-", "-", "-"] }
                    return [
                        number(evaluation.auc.value), number(evaluation.logLoss.estimate.value),
                        number(evaluation.calibration.ratio?.value),
                    ]
                }
                let test = segment.comparison?.auc
                let difference =
                    compared.isEmpty
                    ? []
                    : [
                        test.map { NumberText.signed($0.difference.value, 4) } ?? "-",
                        test?.difference.interval().map {
                            "\(NumberText.signed($0.lower, 4)) to \(NumberText.signed($0.upper, 4))"
                        } ?? "-", test?.pValue.map(NumberText.probability) ?? "-",
                    ]
                return [segment.name, NumberText.count(segment.samples)] + figures + difference
            }
    }

    private func binRows(_ calibration: Calibration) -> [[String]] {
        [["bin", "scores", "samples", "clicks", "predicted", "observed", "95 % interval", "PCOC"]]
            + calibration.bins.enumerated().map { index, bin in
                let limits = bin.interval()
                return [
                    "\(index + 1)", "\(number(bin.lowest)) to \(number(bin.highest))",
                    NumberText.count(bin.count),
                    NumberText.count(bin.positives), number(bin.predicted), number(bin.observed),
                    "\(number(limits.lower)) to \(number(limits.upper))",
                    bin.ratio.map { NumberText.fixed($0, 3) } ?? "-",
                ]
            }
    }

    private func number(_ value: Double?) -> String { value.map { NumberText.fixed($0, 4) } ?? "-" }

    private func interval(_ estimate: Estimate?) -> String {
        estimate?.interval().map { "\(number($0.lower)) to \(number($0.upper))" } ?? "-"
    }
}
