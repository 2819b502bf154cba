import Charts

/// A live report as a page: whole without a script, and kept up to date in its place by one. Pure: the same report gives the
/// same bytes.
struct LivePage {
    let report: LiveReport

    init(_ report: LiveReport) { self.report = report }

    var html: String {
        """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"/>
        <meta name="viewport" content="width=device-width,initial-scale=1"/>
        <title>\(MarkupText.escaped(title))</title>
        <link rel="icon" href="\(Self.icon)"/>
        <style>\(Self.styleSheet)</style></head><body><main id="live">
        <header><h1>dien-server</h1>
        <p class="lead" id="server">\(MarkupText.escaped(serverLine))</p>
        <p class="news" id="news" role="status">\(MarkupText.escaped(news))</p>
        <p class="controls" id="controls"><a href="./">Refresh</a> <button type="button" id="pause" hidden="">Pause</button> \
        <span id="clock">as of \(MarkupText.escaped(clock))</span></p></header>
        \(sections.joined(separator: "\n"))
        </main><p class="lost" id="lost" role="alert"></p>
        <script>\(Self.script)</script></body></html>

        """
    }

    /// The fields that an answer with this page carries. Nothing but its own style and script may run on it, and it asks
    /// nobody but the server that it came from (W3C Content Security Policy Level 3).
    static let headers = [
        AdminRoutes.Field(
            name: "content-security-policy",
            value: "default-src 'none'; script-src '\(InlineSource.hash(script))'; "
                + "style-src '\(InlineSource.hash(styleSheet))'; img-src data:; connect-src 'self'; base-uri 'none'; "
                + "form-action 'none'; frame-ancestors 'none'"),
        AdminRoutes.Field(name: "referrer-policy", value: "no-referrer"),
    ]

    private var sections: [String] {
        var sections = report.models.enumerated().map { LiveModelSection($1, index: $0).html }
        if report.models.isEmpty {
            sections.append(
                "<p class=\"note\" id=\"empty\">The registry has no model, or was not read yet.</p>")
        }
        if report.omittedModels > 0 {
            sections.append(
                "<p class=\"note\" id=\"omitted\">\(NumberText.count(report.omittedModels)) more models are in "
                    + "<a href=\"metrics\">/metrics</a>.</p>")
        }
        return sections + [process, events, Self.foot]
    }

    /// What a tab and a screen reader tell: it changes when something happened, not with every figure.
    private var news: String {
        let state =
            report.server.isDraining
            ? "Draining: calls in flight are answered, new ones go elsewhere."
            : report.server.isReady ? "Ready." : "Not ready: no champion is loaded."
        return ([state] + report.models.map { LiveModelSection($0, index: 0).news }).joined(separator: " ")
    }

    private var title: String {
        let state = report.server.isDraining ? "draining" : report.server.isReady ? "ready" : "not ready"
        return "dien-server: \(state), epoch \(report.server.epoch)"
    }

    private var serverLine: String {
        let server = report.server
        let age = server.registryAgeSeconds.map { "seen \(NumberText.fixed($0, 1)) s ago" } ?? "never seen"
        return [
            server.version.isEmpty ? nil : server.version, "up \(Self.span(server.uptimeSeconds))",
            "registry epoch \(server.epoch), \(age)",
        ].compactMap { $0 }.joined(separator: " · ")
    }

    /// The time of day.
    private var clock: String {
        let parts = report.time.split(separator: "T")
        return parts.count == 2 ? "\(parts[1].prefix(8)) UTC" : report.time
    }

    private var process: String {
        let server = report.server
        var table = Table(columns: ["", ""])
        table.add("threads that score", [.number("\(server.threads)")])
        table.add("calls that wait", [.number(NumberText.count(server.waiting))])
        table.add("refused by a full queue", [.number(Self.count(server.queueRefusals))])
        table.add("without a version", [.number(Self.count(server.unrouted))])
        table.add("connections", [.number(NumberText.count(server.connections))])
        if let bytes = server.residentBytes {
            table.add("memory in use", [.number("\(NumberText.count(Int(bytes >> 20))) MiB")])
        }
        return "<section id=\"process\"><h2>Server</h2>\n\(table.html)</section>"
            + "<section id=\"feedback\"><h2>Feedback</h2>\n\(feedback)</section>"
    }

    /// What became of reported impressions, clicks and the rest, event by event.
    private var feedback: String {
        let counts = report.server.feedback
        var table = Table(columns: ["", ""])
        for (name, count) in [
            ("counted", counts.accepted), ("too late", counts.late), ("from the future", counts.early),
            ("of unknown requests", counts.unmatched), ("told again", counts.duplicate),
            ("impossible", counts.invalid),
        ] { table.add(name, [.number(Self.count(count))]) }
        return table.html
    }

    private var events: String {
        var table = Table(columns: ["time", "what"], isNumeric: false)
        for event in report.events {
            table.add(
                moment(event.time),
                [.sign(event.headline, event.isFailure ? .bad : .quiet, remark: event.remark)])
        }
        let content = report.events.isEmpty ? "<p class=\"note\">Nothing yet.</p>" : table.html
        return "<section id=\"events\"><h2>Events</h2>\n\(content)</section>"
    }

    /// The time of day, with the date where that is another than the report's.
    private func moment(_ time: String) -> String {
        let (day, clock) = (time.prefix(10), time.dropFirst(11).prefix(8))
        return day == report.time.prefix(10) ? String(clock) : "\(day) \(clock)"
    }

    private static let foot = """
        <footer id="foot"><p class="note">Rates are of the last ten seconds, times of the last minute, counts since the server \
        started. The same as <a href="status.json">JSON</a>; every figure in <a href="metrics">/metrics</a>, more events \
        in <a href="events">/events</a>.</p></footer>
        """

    /// A dot in the colour of the first series.
    private static let icon =
        "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 8'%3E%3Ccircle cx='4' cy='4' r='3' "
        + "fill='%232a6fd0'/%3E%3C/svg%3E"

    static func count(_ value: UInt64) -> String { NumberText.count(Int(clamping: value)) }

    /// A time span in its two largest units.
    static func span(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds < 1e12 else { return "–" }
        let whole = Int(max(0, seconds))
        let units = [
            (whole / 86_400, "d"), (whole / 3600 % 24, "h"), (whole / 60 % 60, "min"), (whole % 60, "s"),
        ]
        let told = units.drop { $0.0 == 0 }.prefix(2)
        return told.isEmpty ? "0 s" : told.map { "\($0.0) \($0.1)" }.joined(separator: " ")
    }
}

extension LiveReport.Event {
    /// What happened to what.
    fileprivate var headline: String {
        let version = details["version"].map { " \($0)" } ?? ""
        let subject = details["model"].map { "\($0)\(version): " } ?? ""
        let change =
            details["to"].map { to in
                [details["from"], to].compactMap { $0?.replacing("_", with: " ") }.joined(separator: " → ")
            } ?? kind.replacing("_", with: " ")
        let epoch =
            kind == ServingEvent.Kind.epochFollowed.rawValue ? details["epoch"].map { " \($0)" } ?? "" : ""
        return subject + change + epoch
    }

    /// Why, and what else is told.
    fileprivate var remark: String? {
        let known: Set<String> = ["model", "version", "from", "to", "epoch", "digest", "reason"]
        let others = details.filter { !known.contains($0.key) }.sorted { $0.key < $1.key }
        let texts = [details["reason"]].compactMap { $0 } + others.map { "\($0.key) \($0.value)" }
        return texts.isEmpty ? nil : texts.joined(separator: ", ")
    }
}
