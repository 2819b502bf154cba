import Experiment

/// What became of reported outcomes.
extension MetricsReport {
    var outcomes: [MetricFamily] {
        var events = MetricFamily(
            name: "dien_feedback_events_total",
            help: "Reported events: accepted, or why they were not counted.", kind: .counter)
        for (result, count) in [
            ("accepted", feedback.accepted), ("late", feedback.late), ("early", feedback.early),
            ("unmatched", feedback.unmatched), ("duplicate", feedback.duplicate),
            ("invalid", feedback.invalid),
        ] {
            events.add(count, ["result": result])
        }
        var items = MetricFamily(
            name: "dien_feedback_items", help: "Items that duplicates are recognised of.", kind: .gauge)
        items.add(UInt64(feedbackItems))
        return [events, items]
    }
}
