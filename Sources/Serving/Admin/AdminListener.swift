import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import ServiceLifecycle
import Synchronization

/// The admin port as a service, on a thread of its own: it answers while calls are drained, and ends after them.
final class AdminListener: Service {
    private let routes: AdminRoutes
    private let configuration: AdminConfiguration
    private let logger: Logger
    private let connections = Atomic<Int>(0)

    init(routes: AdminRoutes, configuration: AdminConfiguration, logger: Logger) {
        self.routes = routes
        self.configuration = configuration
        self.logger = logger
    }

    func run() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do {
            let listener = try await bootstrap(group).bind(host: configuration.host, port: configuration.port)
                .get()
            let address = listener.localAddress?.hostAndPort ?? ""
            let chore = routes.eachSecond.map { act in
                group.next().scheduleRepeatedTask(initialDelay: .zero, delay: .seconds(1)) { _ in act() }
            }
            logger.info("admin port listens", metadata: ["address": "\(address)"])
            try? await gracefulShutdown()
            try? await listener.close().get()
            chore?.cancel()
        } catch {
            try? await group.shutdownGracefully()
            throw StartError.adminPort(
                address: "\(configuration.host):\(configuration.port)", reason: "\(error)")
        }
        // Closes what is still open.
        try? await group.shutdownGracefully()
    }

    private func bootstrap(_ group: MultiThreadedEventLoopGroup) -> ServerBootstrap {
        ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 64)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(AcceptBackoffHandler())
                }
            }
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { [self] channel in
                channel.eventLoop.makeCompletedFuture { try configure(channel) }
            }
    }

    private func configure(_ channel: any Channel) throws {
        guard connections.add(1, ordering: .relaxed).newValue <= configuration.maxConnections else {
            connections.subtract(1, ordering: .relaxed)
            return channel.close(promise: nil)
        }
        channel.closeFuture.whenComplete { [self] _ in connections.subtract(1, ordering: .relaxed) }
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = configuration.maxHeaderBytes
        limits.maxHeaderListSize = configuration.maxHeaderBytes
        limits.maxHeaderFieldCount = 64
        try channel.pipeline.syncOperations.configureHTTPServerPipeline(
            withEncoderConfiguration: .init(), withDecoderLimitConfiguration: limits)
        try channel.pipeline.syncOperations.addHandler(
            AdminConnection(routes: routes, configuration: configuration))
    }
}
