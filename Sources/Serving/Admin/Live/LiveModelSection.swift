import Charts

/// One model on the live page: its versions, how fast they answer, and the experiment on its traffic.
struct LiveModelSection {
    let model: LiveReport.Model
    /// Where it stands on the page: tells its charts from those of others.
    let index: Int

    init(_ model: LiveReport.Model, index: Int) {
        self.model = model
        self.index = index
    }

    /// The most versions that a chart tells apart.
    private static let seriesLimit = 4

    var html: String {
        "<section id=\"model\(index)\"><h2>\(MarkupText.escaped(model.name))</h2>\n\(aliases)\(versions)\(figures)"
            + "\(model.experiment.map { LiveExperimentSection($0, index: index).html } ?? "")"
            + "\(model.shadows.map { LiveShadowSection($0).html }.joined())</section>"
    }

    /// In a sentence or two, without what changes from second to second.
    var news: String {
        let champion = model.aliases.first { $0.name == "champion" }
        let answer =
            champion.map { alias in
                alias.servingVersion == 0
                    ? "no version answers"
                    : alias.servingVersion == alias.version
                        ? "version \(alias.version) answers"
                        : "version \(alias.servingVersion) answers in the place of \(alias.version)"
            } ?? "no champion"
        let experiment = model.experiment.map { "; \(LiveExperimentSection($0, index: index).news)" } ?? ""
        let shadows = model.shadows.map { shadow in
            "; shadow of version \(shadow.version)" + (shadow.judgement.map { " \($0.decision)" } ?? "")
        }
        return "\(model.name): \(answer)\(experiment)\(shadows.joined())."
    }

    private var aliases: String {
        let list = model.aliases.map { alias in
            let serving =
                alias.servingVersion == alias.version
                ? ""
                : alias.servingVersion == 0 ? " (nobody answers)" : " (\(alias.servingVersion) answers)"
            return "\(alias.name) → \(alias.version)\(serving)"
        }
        return list.isEmpty
            ? "" : "<p class=\"aliases\">\(MarkupText.escaped(list.joined(separator: ", ")))</p>\n"
    }

    private var versions: String {
        var table = Table(columns: [
            "version", "state", "requests/s", "failed/s", "wait p99", "scoring p99", "total p99",
        ])
        for version in model.versions {
            let state = version.state.replacing("_", with: " ")
            let remark = version.reason.isEmpty ? version.answers.joined(separator: ", ") : version.reason
            table.add(
                "\(version.number)",
                [
                    .sign(state, Self.tone(version.state), remark: remark.isEmpty ? nil : remark),
                    .number(
                        Self.rate(version.rates?.requests),
                        range: "\(LivePage.count(version.requests)) in all"),
                    .number(
                        Self.rate(version.rates?.failed),
                        range: version.failed + version.refused == 0
                            ? nil
                            : "\(LivePage.count(version.failed)) failed, \(LivePage.count(version.refused)) refused"
                    ),
                ]
                    + ["wait", "scoring", "total"].map { name in
                        .number(Self.limit(version.stages.first { $0.name == name }))
                    })
        }
        let omitted =
            model.omittedVersions > 0
            ? "<p class=\"note\">\(NumberText.count(model.omittedVersions)) more versions are not loaded.</p>\n"
            : ""
        return table.html + omitted
    }

    private static func tone(_ state: String) -> Table.Tone {
        switch VersionPhase(rawValue: state) {
        case .active, .ready: .good
        case .queued, .checkingFiles, .scoringGoldenRequests, .warmingUp: .waiting
        case .refused, .quarantined: .bad
        case .notLoaded, nil: .quiet
        }
    }

    static func rate(_ value: Double?) -> String {
        guard let value, value.isFinite else { return "–" }
        return value == 0 ? "0" : NumberText.fixed(value, value < 10 ? 2 : value < 1000 ? 1 : 0)
    }

    /// The time that 99 of 100 requests do not exceed, as far as the buckets tell.
    private static func limit(_ stage: LiveReport.Stage?) -> String {
        guard let stage, stage.buckets.contains(where: { $0 > 0 }) else { return "–" }
        guard let limit = stage.p99 else { return "> \(milliseconds(stage.bounds.last ?? 0))" }
        return "≤ \(milliseconds(limit))"
    }

    private static func milliseconds(_ seconds: Double) -> String {
        seconds >= 1 ? "\(NumberText.fixed(seconds, 1)) s" : "\(plain(seconds * 1000)) ms"
    }

    /// Without zeros at the end.
    private static func plain(_ value: Double) -> String {
        let digits = [0, 1, 2].first {
            abs(value * [1, 10, 100][$0] - (value * [1, 10, 100][$0]).rounded()) < 1e-6
        }
        return NumberText.fixed(value, digits ?? 2)
    }

    private var busy: [LiveReport.Version] {
        let busy = model.versions.filter { $0.recent.contains { $0.value > 0 } }
        // By number, so that a version keeps its colour when another comes.
        return busy.prefix(Self.seriesLimit).sorted { $0.number < $1.number }
    }

    private var figures: String {
        let busy = busy
        guard !busy.isEmpty else {
            return "<p class=\"note\">No requests in the last two minutes.</p>\n"
        }
        let requests = LineChart(
            identifier: "requests\(index)", title: "Requests a second", xName: "seconds from now",
            yName: "requests/s",
            series: busy.map { version in
                LineChart.Series(
                    name: "version \(version.number)",
                    points: version.recent.map { ChartPoint(x: -$0.secondsAgo, y: $0.value) })
            }, span: .fromZero, digits: 1)
        return Page.figures([requests.drawing] + ["wait", "scoring", "total"].map { stages($0, busy) })
    }

    private static let stageTitles = [
        "wait": "Wait: from arrival to the begin of scoring", "scoring": "Scoring",
        "total": "Total: wait and scoring",
    ]

    private func stages(_ name: String, _ versions: [LiveReport.Version]) -> Drawing {
        let stages = versions.map { version in version.stages.first { $0.name == name } }
        let bounds = stages.lazy.compactMap { $0?.bounds }.first ?? []
        // Every other bucket is named, and the last one: all names have no room beside each other.
        let classes =
            bounds.enumerated().map { $0 % 2 == 0 || $0 == bounds.count - 1 ? "" : Self.plain($1 * 1000) } + [
                "more"
            ]
        let words = zip(versions, stages).map { "version \($0.number): 99 of 100 \(Self.limit($1))" }
        return BarChart(
            identifier: "\(name)\(index)", title: Self.stageTitles[name] ?? name, xName: "ms at most",
            yName: "% of requests", classes: classes,
            series: zip(versions, stages).map { version, stage in
                let total = Double(max(1, stage?.buckets.reduce(0, +) ?? 0))
                return BarChart.Series(
                    name: "version \(version.number)",
                    values: (stage?.buckets ?? []).map { Double($0) / total * 100 })
            }, description: words.joined(separator: "; ") + "."
        ).drawing
    }
}
