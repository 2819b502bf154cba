internal import Charts
internal import Experiment

/// A comparison as one self-contained page.
public struct ComparisonPage {
    let comparison: ModelComparison

    /// The page of a comparison.
    public init(_ comparison: ModelComparison) { self.comparison = comparison }

    /// The page; the same comparison gives the same bytes.
    public var html: String {
        let result = comparison.evaluation
        let first = result.evaluations[0]
        var page = Page(
            title: "\(comparison.second) against \(comparison.first)",
            lead: "\(result.split) split of \(result.data): \(NumberText.count(first.samples)) samples, "
                + "\(NumberText.count(first.positives)) clicks, \(NumberText.count(first.groups)) users. Differences are "
                + "\(comparison.second)'s figures less \(comparison.first)'s.")
        page.sections.append(verdict)
        page.add("Metrics", metrics)
        page.add(
            "Scores",
            Page.figures([comparison.scores.scatter, comparison.scores.histogram])
                + comparison.scores.figureTable(adding: comparison.liftFigure))
        page.add("Order and calibration", Page.figures([roc, calibration]))
        page.add("Lift", Page.figures([lift]) + liftNote)
        if let latency = comparison.latency { page.add("Latency", comparison.scores.section(latency)) }
        if !result.segments.isEmpty { page.add("Segments", segments) }
        if !comparison.disagreements.isEmpty {
            page.add("Biggest disagreements", comparison.scores.disagreementCharts)
        }
        return page.html
    }

    private var verdict: String {
        let decision = comparison.verdict.decision.rawValue
        let checks = comparison.verdict.checks.reduce(
            into: Table(columns: ["check", "what it says", "difference"])
        ) { table, check in
            let range = check.lower.flatMap { lower in
                check.upper.map { "\(NumberText.signed(lower, 4)) to \(NumberText.signed($0, 4))" }
            }
            let value =
                check.name == "latency"
                ? check.value.map { "× \(NumberText.fixed($0, 2))" }
                : check.value.map { NumberText.signed($0, 4) }
            table.add(
                check.name,
                [
                    .sign(check.decision.rawValue, Self.tone(check.decision), remark: check.reason),
                    .number(value ?? "–", range: range),
                ])
        }
        return "<div class=\"verdict \(decision.lowercased())\"><strong>\(decision)</strong>"
            + "<p>\(MarkupText.escaped(comparison.meaning))</p></div>\n<section><h2>Verdict</h2>\(checks.html)"
            + "<p class=\"note\">A check passes when the interval of the difference rules a loss beyond its margin out, "
            + "fails when it leaves nothing else, and holds in between. Intervals are taken over users. The difference in "
            + "calibration is relative.</p></section>"
    }

    private static func tone(_ decision: Verdict.Decision) -> Table.Tone {
        switch decision {
        case .pass: .good
        case .hold, .insufficient: .waiting
        case .fail: .bad
        }
    }

    private var metrics: String {
        let result = comparison.evaluation
        var table = Table(columns: ["metric", comparison.first, comparison.second, "difference", "p"])
        let figures = result.evaluations.map(\.figures)
        let tests = result.comparison?.tests ?? []
        for row in figures[0].indices {
            let test = tests.first { $0.key == figures[0][row].key }?.test
            table.add(
                figures[0][row].name,
                figures.map { Self.cell($0[row].estimate) } + [
                    Self.difference(test), .number(test?.pValue.map(NumberText.probability) ?? "–"),
                ])
        }
        let errors = result.evaluations.map { NumberText.fixed($0.calibration.expectedError, 4) }
        table.add("calibration error", errors.map { .number($0) } + [.number("–"), .number("–")])
        return table.html
            + "<p class=\"note\">Small print under a figure is its 95 % interval. Users with one class only have no AUC of "
            + "their own and are left out of GAUC.</p>\n"
    }

    private var liftNote: String {
        "<p class=\"note\">The relative gain in log loss over the first users, in an order fixed by a hash of their numbers. "
            + "The band is a confidence sequence: it holds at all looks at once, so that it may be read at any of them.</p>\n"
    }

    private var segments: String {
        let result = comparison.evaluation
        var table = Table(
            columns: [
                "segment", "samples", "AUC \(comparison.first)", "AUC \(comparison.second)", "difference",
                "log loss difference", "mean |Δ logit|",
            ])
        for segment in result.segments {
            table.add(
                segment.name,
                [.number(NumberText.count(segment.samples))]
                    + [0, 1].map { Self.cell(segment.evaluations?[$0].auc.estimate) } + [
                        Self.difference(segment.comparison?.auc),
                        Self.difference(segment.comparison?.logLoss),
                        Self.cell(segment.agreement?.meanLogitDistance),
                    ])
        }
        return table.html
    }

    static func cell(_ estimate: Estimate?) -> Table.Cell {
        guard let estimate else { return .number("–") }
        let range = estimate.interval().map {
            "\(NumberText.fixed($0.lower, 4))–\(NumberText.fixed($0.upper, 4))"
        }
        return .number(NumberText.fixed(estimate.value, 4), range: range)
    }

    static func difference(_ test: PairedTest?) -> Table.Cell {
        guard let difference = test?.difference else { return .number("–") }
        let range = difference.interval().map {
            "\(NumberText.signed($0.lower, 4)) to \(NumberText.signed($0.upper, 4))"
        }
        return .number(NumberText.signed(difference.value, 4), range: range)
    }
}
