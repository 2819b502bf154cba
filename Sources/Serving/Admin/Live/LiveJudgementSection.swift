import Charts

/// What the judge says of an arm, check by check, and how it settled.
struct LiveJudgementSection {
    let judgement: LiveReport.Judgement
    /// Tells its charts from those of others: letters and digits.
    let identifier: String

    init(_ judgement: LiveReport.Judgement, identifier: String) {
        self.judgement = judgement
        self.identifier = identifier
    }

    var html: String {
        "<div class=\"verdict \(MarkupText.escaped(judgement.decision.lowercased()))\">"
            + "<strong>\(MarkupText.escaped(judgement.arm)): \(MarkupText.escaped(judgement.decision))</strong>"
            + "<p>\(MarkupText.escaped(meaning))</p></div>\n\(checks)\(charts)"
    }

    /// What it waits for, or what it stands on.
    private var meaning: String {
        let obstacles = judgement.obstacles.map { "\($0.name): \($0.reason)" }.joined(separator: "; ")
        switch judgement.decision {
        case "PASS": return "Every check passes, by what this server has counted."
        case "FAIL":
            let failures = judgement.checks.filter { $0.decision == "FAIL" }
            return failures.map { "\($0.name): \($0.reason)" }.joined(separator: "; ") + "."
        default: return "Waits for \(obstacles)."
        }
    }

    private var checks: String {
        var table = Table(columns: ["check", "what it says", "figure"])
        for check in judgement.checks {
            table.add(
                check.name,
                [
                    .sign(check.decision, Self.tone(check.decision), remark: check.reason),
                    .number(
                        check.value.map { Self.figure($0, of: check) } ?? "–", range: Self.range(of: check)),
                ])
        }
        return table.html
    }

    private static func tone(_ decision: String) -> Table.Tone {
        switch decision {
        case "PASS": .good
        case "FAIL": .bad
        default: .waiting
        }
    }

    /// Checks of outcomes tell relative changes; the others tell counts, probabilities and ratios.
    private static func figure(_ value: Double, of check: LiveReport.Check) -> String {
        guard value.isFinite else { return "–" }
        if LiveLooks.checks.contains(check.name) { return "\(NumberText.signed(value * 100, 2)) %" }
        if let whole = Int(exactly: value) { return NumberText.count(whole) }
        return NumberText.fixed(value, abs(value) < 1 ? 4 : 2)
    }

    private static func range(of check: LiveReport.Check) -> String? {
        switch (check.lower, check.upper) {
        case (let lower?, let upper?): "\(figure(lower, of: check)) to \(figure(upper, of: check))"
        case (let lower?, nil): "at least \(figure(lower, of: check))"
        case (nil, let upper?): "at most \(figure(upper, of: check))"
        case (nil, nil): nil
        }
    }

    private var charts: String {
        let names = judgement.checks.map(\.name).filter { name in
            judgement.looks.count { $0.check == name } > 1
        }
        let drawings = names.enumerated().map { chart(of: $1, number: $0) }
        guard !drawings.isEmpty else { return "" }
        return Page.figures(drawings)
            + "<p class=\"note\">Relative changes, the arm over the control, since this server followed the experiment. The "
            + "band is a confidence sequence: it holds at all looks at once.</p>\n"
    }

    private func chart(of check: String, number: Int) -> Drawing {
        let looks = judgement.looks.filter { $0.check == check }
        let last = looks.last?.seconds ?? 0
        let (unit, seconds) =
            last > 2 * 86_400 ? ("days", 86_400.0) : last > 7200 ? ("hours", 3600) : ("minutes", 60)
        let begin = (looks.first?.seconds ?? 0) / seconds
        return LineChart(
            identifier: "lift\(identifier)c\(number)", title: "Change in \(check) over time", xName: unit,
            yName: "change, %",
            series: [
                LineChart.Series(
                    name: check,
                    points: looks.map { ChartPoint(x: $0.seconds / seconds, y: $0.value * 100) },
                    band: looks.map { ($0.seconds / seconds, $0.lower * 100, $0.upper * 100) })
            ],
            guide: [ChartPoint(x: begin, y: 0), ChartPoint(x: last / seconds, y: 0)], digits: 2
        ).drawing
    }
}
