import Charts
import GRPC

/// A load as a page of its own: curves, figures, settings, errors.
struct LoadReport {
    let result: LoadResult

    var html: String {
        var page = Page(
            title: "Load of \(result.plan.server)", lead: "\(result.heading). Begun \(result.started).")
        if let saturation = result.saturation {
            page.sections.append("<p><strong>Warning:</strong> \(MarkupText.escaped(saturation)).</p>")
        }
        guard result.calls > 0 else {
            page.add("Latency", "<p>Nothing was measured: the load ended before its warm-up did.</p>\n")
            page.add("Settings", settings)
            return page.html
        }
        page.add("Latency", Page.figures([percentiles]) + figures + Self.note(result))
        let course = result.course.placed(until: result.measured)
        page.add("Course", Page.figures([latencyOverTime(course), rateOverTime(course)]))
        page.add("Calls", list(result.facts))
        page.add("Errors", errors)
        page.add("Settings", settings)
        return page.html
    }

    private var percentiles: Drawing {
        func curve(_ name: String, _ histogram: LatencyHistogram) -> PercentileChart.Curve {
            PercentileChart.Curve(
                name: name,
                points: histogram.curve().map {
                    (percentile: $0.percentile, value: Double($0.nanoseconds) / 1e6)
                })
        }
        return PercentileChart(
            identifier: "percentiles", title: "Latency by percentile", yName: "milliseconds",
            curves: [curve("latency", result.total.latency), curve("service", result.total.service)]
        ).drawing
    }

    private var figures: String {
        var table = Table(columns: ["milliseconds"] + LatencySummary.names + ["max", "mean"])
        for row in result.rows {
            let values = row.summary.values + [row.summary.maximum, row.summary.mean]
            table.add(row.name, values.map { .number(MillisecondText.text($0)) })
        }
        return table.html
    }

    private static func note(_ result: LoadResult) -> String {
        let meaning =
            result.rateAsked == nil
            ? "Latency counts from the moment at which a caller was free to call; callers wait for their answers, so a "
                + "stall of the server is seen once by each of them (an open loop, <code>--rate</code>, shows what it does "
                + "to those who do not wait)."
            : "Latency counts from the moment at which a call was meant to start, so a stall of the server counts for "
                + "every call that it held up; service, from the moment at which it was sent, does not show that."
        let server =
            result.server.count > 0
            ? " In server is the server's own measure, of every eighth answer." : ""
        return "<p class=\"note\">\(meaning)\(server)</p>\n"
    }

    private func latencyOverTime(_ course: [Placed]) -> Drawing {
        let names = [("median", 50.0), ("p99", 99), ("maximum", 100)]
        return LineChart(
            identifier: "latency", title: "Latency over time, by intended start", xName: "seconds",
            yName: "milliseconds",
            series: names.map { name, percentile in
                LineChart.Series(
                    name: name,
                    points: course.compactMap { placed in
                        placed.interval.milliseconds(percentile).map {
                            ChartPoint(x: placed.second + placed.length / 2, y: $0)
                        }
                    })
            }, span: .logarithmic, digits: 3
        ).drawing
    }

    private func rateOverTime(_ course: [Placed]) -> Drawing {
        func line(_ name: String, _ count: (LoadTimeline.Interval) -> UInt64) -> LineChart.Series {
            LineChart.Series(
                name: name,
                points: course.map {
                    ChartPoint(
                        x: $0.second + $0.length / 2, y: Double(count($0.interval)) / max($0.length, 1e-3))
                })
        }
        var series = [line("sent", \.started), line("answered") { $0.completed - $0.failed }]
        if result.total.failed > 0 { series.append(line("failed", \.failed)) }
        return LineChart(
            identifier: "rate", title: "Calls a second over time", xName: "seconds", yName: "calls/s",
            series: series,
            span: .fromZero, digits: 0
        ).drawing
    }

    private typealias Placed = (second: Double, length: Double, interval: LoadTimeline.Interval)

    private var errors: String {
        guard !result.failures.isEmpty else { return "<p>None.</p>\n" }
        var table = Table(columns: ["status", "calls", "the first one's message"], isNumeric: false)
        for (status, failures) in result.failures {
            table.add("\(status)", [.text(NumberText.count(Int(failures.count))), .text(failures.message)])
        }
        return table.html
    }

    private var settings: String { list(result.plan.settings) }

    private func list(_ facts: [(name: String, value: String)]) -> String {
        var table = Table(columns: ["", ""], isNumeric: false)
        for fact in facts { table.add(fact.name, [.text(fact.value)]) }
        return table.html
    }
}
