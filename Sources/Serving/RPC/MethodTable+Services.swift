import GRPC
import Messages

extension MethodTable {
    /// Every service of the server. `grpc.health.v1.Health` watches over the others by their full names.
    static func serving(
        pool: ScoringPool, models: ModelsService, feedback: FeedbackService, health: HealthService
    ) -> MethodTable {
        var methods = MethodTable()
        methods.register(
            MethodDescriptor(service: ServiceName.ranking, method: "Rank"),
            posted: { pool.take(.rank, $0, $1, $2) })
        methods.register(
            MethodDescriptor(service: ServiceName.ranking, method: "Prepare"),
            posted: { pool.take(.prepare, $0, $1, $2) })
        methods.register(MethodDescriptor(service: ServiceName.models, method: "ListModels")) {
            (request: ListModelsRequest, _) throws(RPCError) in
            try models.listModels(request)
        }
        methods.register(MethodDescriptor(service: ServiceName.models, method: "Counters")) {
            (request: CountersRequest, _) throws(RPCError) in
            try models.counters(request)
        }
        methods.register(MethodDescriptor(service: ServiceName.feedback, method: "Report")) {
            (request: ReportRequest, _) throws(RPCError) in
            try feedback.report(request)
        }
        methods.register(
            MethodDescriptor(service: ServiceName.feedback, method: "ReportStream"),
            clientStreaming: { (requests: MessageStream<ReportRequest>) in
                try await feedback.report(requests)
            })
        methods.register(MethodDescriptor(service: ServiceName.health, method: "Check")) {
            (request: HealthCheckRequest, _) throws(RPCError) in
            try health.check(request)
        }
        methods.register(
            MethodDescriptor(service: ServiceName.health, method: "Watch"),
            serverStreaming: { (request: HealthCheckRequest, write) in
                try await health.watch(request, write: write)
            })
        return methods
    }
}

/// Full service names, as they stand in `proto/`.
enum ServiceName {
    static let ranking = "dien.v1.Ranking"
    static let models = "dien.v1.Models"
    static let feedback = "dien.v1.Feedback"

    /// All of ours, as their health is told.
    static let all = [ranking, models, feedback, health]
    static let health = "grpc.health.v1.Health"
}
