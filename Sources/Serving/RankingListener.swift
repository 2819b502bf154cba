import GRPC
import Logging
import ServiceLifecycle

/// The gRPC server as a service: takes calls until a graceful shutdown, then drains.
struct RankingListener: Service {
    let server: GRPCServer
    let health: HealthService
    let grace: Duration
    let logger: Logger
    let onListening: @Sendable (String) -> Void

    /// Health turns first, so that balancers look away before the connections are told to go (grpc-http2 drain order).
    func run() async throws {
        let address = try await server.start()
        onListening(address.hostAndPort)
        try? await gracefulShutdown()
        logger.info("draining: calls in flight have \(grace) to finish")
        health.drain()
        health.endWatches()
        await server.drain(grace: grace)
        logger.info("drained")
    }
}
