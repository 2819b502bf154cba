import Files
import GRPC
import NIOHTTP1

extension AdminRoutes {
    /// What an operator asks a server: does the process live, do models answer, figures, and what happened.
    static func serving(
        health: HealthService, journal: EventJournal, report: @escaping @Sendable () -> MetricsReport
    ) -> AdminRoutes {
        var routes = AdminRoutes()
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
