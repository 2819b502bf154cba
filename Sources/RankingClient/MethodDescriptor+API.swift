public import GRPC

extension MethodDescriptor {
    /// What ``RankingClient/rank(_:deadline:metadata:)`` calls, for callers with a connection and encoding of their own.
    public static let rank = MethodDescriptor(service: "dien.v1.Ranking", method: "Rank")
    static let prepare = MethodDescriptor(service: "dien.v1.Ranking", method: "Prepare")
    static let listModels = MethodDescriptor(service: "dien.v1.Models", method: "ListModels")
    static let counters = MethodDescriptor(service: "dien.v1.Models", method: "Counters")
    static let report = MethodDescriptor(service: "dien.v1.Feedback", method: "Report")
    /// What ``RankingClient/checkHealth(of:deadline:)`` calls.
    public static let checkHealth = MethodDescriptor(service: "grpc.health.v1.Health", method: "Check")
    static let watchHealth = MethodDescriptor(service: "grpc.health.v1.Health", method: "Watch")
}
