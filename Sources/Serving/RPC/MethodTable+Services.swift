import GRPC
import Messages

extension MethodTable {
    /// Every service of the server. `grpc.health.v1.Health` watches over the others by their full names.
    static func serving(ranking: RankingService, models: ModelsService, health: HealthService) -> MethodTable
    {
        var methods = MethodTable()
        methods.register(MethodDescriptor(service: ServiceName.ranking, method: "Rank")) {
            (request: RankRequest, context) throws(RPCError) in
            try ranking.rank(request, context: context)
        }
        methods.register(MethodDescriptor(service: ServiceName.ranking, method: "Prepare")) {
            (request: PrepareRequest, context) throws(RPCError) in
            try ranking.prepare(request, context: context)
        }
        methods.register(MethodDescriptor(service: ServiceName.models, method: "ListModels")) {
            (request: ListModelsRequest, _) throws(RPCError) in
            try models.listModels(request)
        }
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
    static let health = "grpc.health.v1.Health"
}
