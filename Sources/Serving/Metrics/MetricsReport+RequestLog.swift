import RequestLog

/// What became of the requests that were to be logged; nothing where there is no log.
extension MetricsReport {
    var requestLogFamilies: [MetricFamily] {
        guard let requestLog else { return [] }
        var records = MetricFamily(
            name: "dien_request_log_records_total",
            help: "Requests for the log: written, or dropped, by reason.", kind: .counter)
        for (outcome, count) in [
            ("written", requestLog.written), ("full", requestLog.full), ("busy", requestLog.busy),
            ("failed", requestLog.failed),
        ] { records.add(count, ["outcome": outcome]) }
        var failures = MetricFamily(
            name: "dien_request_log_failures_total", help: "Errors of the request log's disk.", kind: .counter
        )
        failures.add(requestLog.failures)
        var bytes = MetricFamily(
            name: "dien_request_log_bytes", help: "Bytes of the request log's files.", kind: .gauge)
        bytes.add(requestLog.folderBytes)
        return [records, failures, bytes]
    }
}
