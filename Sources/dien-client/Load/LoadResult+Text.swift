import Charts

extension LoadResult {
    /// The summary for a person.
    var text: String {
        var lines = [heading, ""]
        if calls == 0 {
            lines.append("nothing was measured: the load ended before its warm-up did")
            return lines.joined(separator: "\n")
        }
        lines += facts.map { "  \($0.name.padded(10)) \($0.value)" }
        lines += failures.map {
            "    \("\($0.status)".padded(18)) \(NumberText.count(Int($0.failures.count)))  \($0.failures.message.firstLine)"
        }
        lines += ["", table]
        if let saturation { lines += ["", "warning: \(saturation)"] }
        return lines.joined(separator: "\n")
    }

    /// What was done, in a line.
    var heading: String {
        let how: String
        switch plan.mode {
        case .closed(let concurrency): how = "closed loop, \(concurrency) callers"
        case .open(let rate, let isPoisson, _):
            how = "\(isPoisson ? "Poisson arrivals" : "fixed rate"), \(Self.rate(rate))/s"
        }
        let connections = "\(plan.connections) connection\(plan.connections == 1 ? "" : "s")"
        let time = "\(NumberText.fixed(seconds, seconds < 10 ? 2 : 1)) s"
        return "\(plan.server): \(how) over \(connections), \(time), seed \(plan.seed)"
            + (signal == nil ? "" : ", interrupted")
    }

    /// Counts, rates and bytes, by name.
    var facts: [(name: String, value: String)] {
        func count(_ value: UInt64) -> String { NumberText.count(Int(value)) }
        var facts: [(name: String, value: String)] = []
        let wait = inProgress > 0 ? ", \(inProgress) not waited for" : ""
        facts.append(
            (
                "calls",
                "\(count(calls)): \(count(total.answered)) answered, \(count(total.failed)) failed\(wait)"
            ))
        if total.unsent > 0 {
            facts.append(
                ("never sent", "\(count(total.unsent)); their latency is at least how long they had waited"))
        }
        let asked = rateAsked.map { " of \(Self.rate($0))/s asked" } ?? ""
        facts.append(("rate", "\(Self.rate(rateReached))/s\(asked)"))
        facts.append(
            ("bytes", "\(Self.bytes(total.bytesSent)) sent, \(Self.bytes(total.bytesReceived)) received"))
        let lag =
            "\(MillisecondText.text(self.lag.p99)) ms late at p99, \(MillisecondText.text(self.lag.maximum)) ms at most"
        facts.append(("client", "\(Int((busy * 100).rounded())) % busy, sent \(lag)"))
        return facts
    }

    /// The rows of the latency table.
    var rows: [(name: String, summary: LatencySummary)] {
        var rows = [(name: "latency", summary: latency), (name: "service", summary: service)]
        if server.count > 0 { rows.append((name: "in server", summary: server)) }
        return rows
    }

    private var table: String {
        let head = ["ms"] + LatencySummary.names + ["max", "mean"]
        let cells = rows.map { row in
            [row.name]
                + (row.summary.values + [row.summary.maximum, row.summary.mean]).map(MillisecondText.text)
        }
        let widths = head.indices.map { column in ([head] + cells).map { $0[column].count }.max() ?? 0 }
        let lines = ([head] + cells).map { row in
            row.indices.map { column in
                let space = String(repeating: " ", count: widths[column] - row[column].count)
                return column == 0 ? row[column] + space : space + row[column]
            }.joined(separator: "  ")
        }
        return lines.map { "  \($0)" }.joined(separator: "\n")
    }

    static func rate(_ rate: Double) -> String {
        rate < 100 ? NumberText.fixed(rate, 1) : NumberText.count(Int(rate.rounded()))
    }

    static func bytes(_ count: UInt64) -> String {
        let units = ["B", "KiB", "MiB", "GiB", "TiB"]
        var value = Double(count)
        var unit = 0
        while value >= 1024, unit < units.count - 1 {
            value /= 1024
            unit += 1
        }
        return "\(NumberText.fixed(value, unit == 0 ? 0 : 1)) \(units[unit])"
    }
}

extension String {
    fileprivate func padded(_ width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }

    fileprivate var firstLine: String { String(split(whereSeparator: \.isNewline).first ?? "") }
}
