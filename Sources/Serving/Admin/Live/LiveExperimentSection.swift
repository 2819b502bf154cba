import Charts

/// An experiment on the live page: its arms, and what the judge says of them.
struct LiveExperimentSection {
    let experiment: LiveReport.Experiment
    /// The model's place on the page.
    let index: Int

    init(_ experiment: LiveReport.Experiment, index: Int) {
        self.experiment = experiment
        self.index = index
    }

    var html: String {
        let judgements = experiment.judgements.enumerated().map {
            LiveJudgementSection($1, identifier: "\(index)x\($0)").html
        }
        return "<section class=\"experiment\"><h3>Experiment \(MarkupText.escaped(experiment.name))</h3>\n"
            + "\(lead)\(arms)\(outcomes)\(judgements.joined())</section>"
    }

    /// In half a sentence.
    var news: String {
        let verdicts = experiment.judgements.map { "\($0.arm) \($0.decision)" }
        return "experiment \(experiment.name)"
            + (verdicts.isEmpty ? " runs" : ": \(verdicts.joined(separator: ", "))")
    }

    private var lead: String {
        let coverage = NumberText.fixed(Double(experiment.coverage) / 100, 2)
        let decisions = [
            ("enrolled", experiment.enrolled), ("by allow-list", experiment.overridden),
            ("not enrolled", experiment.notEnrolled), ("without a routing key", experiment.unassigned),
        ].map { "\(LivePage.count($1)) \($0)" }
        return
            "<p class=\"note\">Coverage \(coverage) %, by \(MarkupText.escaped(experiment.algorithm)). Requests: "
            + "\(decisions.joined(separator: ", ")).</p>\n"
    }

    private var arms: String {
        let isGuarded = experiment.arms.contains { $0.guarded != nil }
        var table = Table(
            columns: ["arm", "version"] + (isGuarded ? ["guard"] : [])
                + ["share", "requests/s", "faults/s", "assigned", "by the arm", "by the champion"])
        for arm in experiment.arms {
            let serving =
                arm.servingVersion == arm.version
                ? nil : arm.servingVersion == 0 ? "the champion answers" : "\(arm.servingVersion) answers"
            var cells: [Table.Cell] = [.number("\(arm.version)", range: serving)]
            if isGuarded { cells.append(Self.sign(arm.guarded)) }
            cells += [
                .number("\(NumberText.fixed(arm.share * 100, 2)) %", range: "weight \(arm.weight)"),
                .number(LiveModelSection.rate(arm.rates?.requests)),
                .number(LiveModelSection.rate(arm.rates?.failed)),
                .number(LivePage.count(arm.servedByArm + arm.servedByChampion)),
                .number(LivePage.count(arm.servedByArm)),
                .number(
                    LivePage.count(arm.servedByChampion),
                    range: arm.rates.flatMap {
                        $0.fallbacks > 0 ? "\(LiveModelSection.rate($0.fallbacks))/s" : nil
                    }),
            ]
            table.add(arm.name, cells)
        }
        return table.html
    }

    private static func sign(_ guarded: LiveReport.Guard?) -> Table.Cell {
        guard let guarded else { return .text("–") }
        let tone: Table.Tone =
            switch guarded.state {
            case "closed": .good
            case "probing": .waiting
            default: .bad
            }
        return .sign(guarded.state, tone, remark: guarded.reason.isEmpty ? nil : guarded.reason)
    }

    private var outcomes: String {
        let told = experiment.arms.compactMap { arm in arm.outcomes.map { (arm.name, $0) } }
        guard !told.isEmpty else { return "" }
        var table = Table(columns: [
            "outcomes", "units", "impressions", "clicks", "CTR", "PCOC", "errors", "over budget", "fallbacks",
            "not finite",
        ])
        for (name, outcomes) in told {
            table.add(
                name,
                [
                    .number(Self.count(outcomes.units)),
                    .number(
                        Self.count(outcomes.impressions),
                        range: outcomes.openImpressions > 0
                            ? "\(Self.count(outcomes.openImpressions)) open" : nil),
                    .number(Self.count(outcomes.clicks)),
                    .number(outcomes.clickThroughRate.map { "\(NumberText.fixed($0 * 100, 2)) %" } ?? "–"),
                    .number(outcomes.predictedOverObserved.map { NumberText.fixed($0, 3) } ?? "–"),
                    .number(Self.count(outcomes.errors)), .number(Self.count(outcomes.overBudget)),
                    .number(Self.count(outcomes.fallbacks)), .number(Self.count(outcomes.nonFinite)),
                ])
        }
        return table.html
            + "<p class=\"note\">Impressions whose attribution window is over; faults count once a unit and "
            + "minute. PCOC is predicted over observed clicks.</p>\n"
    }

    private static func count(_ sum: Double) -> String { NumberText.count(Int(exactly: sum.rounded()) ?? 0) }
}
