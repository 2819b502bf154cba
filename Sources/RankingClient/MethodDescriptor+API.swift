import GRPC

extension MethodDescriptor {
    static let rank = MethodDescriptor(service: "dien.v1.Ranking", method: "Rank")
    static let prepare = MethodDescriptor(service: "dien.v1.Ranking", method: "Prepare")
    static let listModels = MethodDescriptor(service: "dien.v1.Models", method: "ListModels")
    static let checkHealth = MethodDescriptor(service: "grpc.health.v1.Health", method: "Check")
    static let watchHealth = MethodDescriptor(service: "grpc.health.v1.Health", method: "Watch")
}
