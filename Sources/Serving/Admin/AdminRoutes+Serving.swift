import Files
import GRPC
import NIOHTTP1

extension AdminRoutes {
    /// What an operator asks a server: does the process live, do models answer, figures, what happened, and all of it for people.
    static func serving(
        table: CurrentTable, metrics: ServingMetrics, health: HealthService, journal: EventJournal,
        ledger: ExperimentLedger,
        report: @escaping @Sendable () -> MetricsReport
    ) -> AdminRoutes {
        var routes = AdminRoutes()
        let board = LiveBoard(
            LiveSource(
                table: table, metrics: metrics, health: health, journal: journal, ledger: ledger,
                report: report))
        routes.eachSecond = { board.sample() }
        routes.get("/") {
            Response(contentType: "text/html; charset=utf-8", body: board.page, headers: LivePage.headers)
        }
        routes.get("/status.json") { Response(contentType: "application/json", body: board.json) }
        routes.get("/healthz") { Response(body: "alive\n") }
        routes.get("/readyz") {
            let (isServing, isDraining) = health.readiness
            if isServing { return Response(body: "ready\n") }
            return Response(
                status: .serviceUnavailable,
                body: isDraining ? "not ready: draining\n" : "not ready: no champion is loaded\n")
        }
        routes.get("/metrics") {
            Response(contentType: PrometheusText.contentType, body: PrometheusText.text(report().families))
        }
        routes.get("/events") { Response(contentType: "application/x-ndjson", body: journal.jsonLines) }
        return routes
    }
}
