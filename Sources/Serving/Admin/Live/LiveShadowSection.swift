import Charts

/// A shadow on the live page: how near its scores are to those that were answered, by kind of request.
struct LiveShadowSection {
    let shadow: LiveReport.Shadow

    init(_ shadow: LiveReport.Shadow) { self.shadow = shadow }

    var html: String {
        var table = Table(columns: [
            "requests", "scored", "failed", "no number", "mean |Δ logit|", "p99 |Δp|", "Kendall τ",
            "overlap@10",
            "other first",
            "time ratio",
        ])
        for segment in shadow.segments {
            table.add(
                segment.name,
                [
                    .number(NumberText.count(segment.requests)),
                    .number(NumberText.count(segment.failures)),
                    .number(segment.nonFiniteShare.map { "\(NumberText.fixed($0 * 100, 2)) %" } ?? "–"),
                    Self.figure(segment.meanLogitDifference, 4), Self.figure(segment.p99Difference, 4),
                    Self.figure(segment.meanKendallTau, 4), Self.figure(segment.meanOverlap, 4),
                    .number(segment.changedTopShare.map { "\(NumberText.fixed($0 * 100, 2)) %" } ?? "–"),
                    Self.figure(segment.latencyRatio, 2),
                ])
        }
        let judgement = shadow.judgement.map { LiveJudgementSection($0, identifier: "shadow").html } ?? ""
        let content =
            shadow.segments.isEmpty
            ? "<p class=\"note\">Nothing was scored yet.</p>\n" : judgement + table.html
        return "<section class=\"shadow\"><h3>Shadow: version \(shadow.version) beside version "
            + "\(shadow.championVersion)</h3>\n\(content)</section>"
    }

    private static func figure(_ value: Double?, _ digits: Int) -> Table.Cell {
        .number(value.map { NumberText.fixed($0, digits) } ?? "–")
    }
}
