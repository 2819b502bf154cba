internal import Charts
internal import Experiment
internal import Terminal

extension RequestComparison {
    /// For people: what was compared, how near the scores are, and the verdict where there are outcomes.
    public var text: String {
        var blocks = [lead.joined(separator: "\n")]
        if let outcomes {
            let shown = outcomes.evaluation.evaluations[0]
            blocks.append(
                "impressions with outcomes: \(NumberText.count(shown.samples)), \(NumberText.count(shown.positives)) clicked"
            )
            blocks.append(outcomes.text)
        }
        blocks.append("all candidates\n\n" + scores.text)
        return blocks.joined(separator: "\n\n")
    }

    /// One line a fact.
    private var lead: [String] {
        var lines = [
            "\(data): \(NumberText.count(compared)) of \(NumberText.count(requests)) requests, "
                + "\(NumberText.count(scores.scored.labels.count)) candidates, scored by \(scores.first) and \(scores.second)"
        ]
        for (model, name) in scores.scored.names.enumerated() {
            if refused[model] > 0 {
                lines.append("\(name) cannot score \(NumberText.count(refused[model])) of them")
            }
            if repeated[model].requests > 0 {
                lines.append(
                    "\(name) answered \(NumberText.count(repeated[model].requests)) of them then, and says the same to the "
                        + "bit today of \(NumberText.count(repeated[model].equal))")
            }
        }
        if unreadable > 0 { lines.append("\(NumberText.count(unreadable)) requests cannot be read") }
        if outcomes == nil { lines.append("no outcomes are known: how near the scores are, and no verdict") }
        return lines
    }

    /// One JSON object on one line, with sorted keys in snake case.
    public func json() throws -> String { try EvaluationResult.line(Document(self)) }

    private struct Document: Encodable {
        let data, first, second: String
        let requests, compared, unreadable, candidates: Int
        let refused: [Int]
        let repeated: [Repeated]
        let agreement: ScoreComparison.Agreement
        let drift: ScoreComparison.Drift
        let latency: ScoreComparison.Latency?
        let segments: [Part]
        let disagreements: [ScoreComparison.Disagreed]
        let outcomes: ModelComparison.Document?

        struct Repeated: Encodable {
            let requests, equal: Int
        }

        struct Part: Encodable {
            let name: String
            let samples: Int
            let agreement: ScoreComparison.Agreement
        }

        init(_ comparison: RequestComparison) {
            let scores = comparison.scores
            (data, first, second) = (comparison.data, scores.first, scores.second)
            (requests, compared) = (comparison.requests, comparison.compared)
            (unreadable, candidates) = (comparison.unreadable, scores.scored.labels.count)
            refused = comparison.refused
            repeated = comparison.repeated.map { Repeated(requests: $0.requests, equal: $0.equal) }
            agreement = ScoreComparison.Agreement(scores.agreement)
            drift = ScoreComparison.Drift(scores)
            latency = scores.latency.map(ScoreComparison.Latency.init)
            segments = scores.segments.map {
                Part(name: $0.name, samples: $0.samples, agreement: ScoreComparison.Agreement($0.agreement))
            }
            disagreements = scores.disagreements.map(ScoreComparison.Disagreed.init)
            outcomes = comparison.outcomes.map(ModelComparison.Document.init)
        }
    }

    /// One self-contained page: that of the outcomes where there are some, else what scores alone say.
    public var html: String {
        if let outcomes { return ComparisonPage(outcomes).html }
        var page = Page(
            title: "\(scores.second) beside \(scores.first)",
            lead: lead.joined(separator: ". ") + ".")
        page.add("Scores", Page.figures([scores.scatter, scores.histogram]) + scores.figureTable())
        if let latency = scores.latency { page.add("Latency", scores.section(latency)) }
        if scores.segments.count > 1 { page.add("Segments", segmentTable) }
        if !scores.disagreements.isEmpty { page.add("Biggest disagreements", scores.disagreementCharts) }
        return page.html
    }

    private var segmentTable: String {
        var table = Table(columns: ["segment", "candidates", "mean |Δ logit|", "p99 |Δp|", "other first"])
        for segment in scores.segments {
            let agreement = segment.agreement
            table.add(
                segment.name,
                [
                    .number(NumberText.count(segment.samples)),
                    ComparisonPage.cell(agreement.meanLogitDistance),
                    .number(NumberText.fixed(agreement.p99Distance, 4)),
                    .number(agreement.changedTopShare.map { NumberText.fixed($0.value, 4) } ?? "–"),
                ])
        }
        return table.html
    }
}
