public import Logging
public import NIOCore
import NIOPosix
import Synchronization

/// A gRPC server over HTTP/2 with prior knowledge. Started once, drained once.
public final class GRPCServer: Sendable {
    private enum State {
        case idle
        case running(group: MultiThreadedEventLoopGroup, listener: any Channel)
        case stopped
    }

    private let methods: MethodTable
    private let configuration: ServerConfiguration
    private let logger: Logger
    private let services: ServerConnectionServices
    private let state = Mutex(State.idle)

    /// A server that does not listen yet.
    public init(methods: MethodTable, configuration: ServerConfiguration, logger: Logger) {
        self.methods = methods
        self.configuration = configuration
        self.logger = logger
        services = ServerConnectionServices(logger: logger, maxConnections: configuration.maxConnections)
    }

    /// Connections open now.
    public var connectionCount: Int { services.connectionCount }

    /// How often each method was called, and how its calls ended.
    public var callCounts: [CallCounts] { methods.callCounts }

    /// Binds and serves. Returns the address bound; throws what the system says if it cannot be.
    public func start() async throws -> SocketAddress {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: max(1, configuration.eventLoopThreads))
        do {
            let listener = try await bootstrap(group).bind(
                host: configuration.host, port: configuration.port
            ).get()
            guard let address = listener.localAddress else { throw ChannelError.unknownLocalAddress }
            let wasIdle = state.withLock { state in
                guard case .idle = state else { return false }
                state = .running(group: group, listener: listener)
                return true
            }
            precondition(wasIdle, "a server is started once")
            logger.info("listening", metadata: ["address": "\(address.ipAddress ?? ""):\(address.port ?? 0)"])
            return address
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
    }

    /// Stops listening, lets the calls in flight and those on their way end, and closes every connection. What is
    /// left after `grace` is cancelled and answered with UNAVAILABLE. Returns when all is closed.
    public func drain(grace: Duration) async {
        let previous = state.withLock { state in
            defer { state = .stopped }
            return state
        }
        guard case .running(let group, let listener) = previous else { return }
        try? await listener.close().get()
        services.drain()
        if await !services.waitUntilEmpty(timeout: grace) {
            logger.warning("grace is over: cancelling calls", metadata: ["connections": "\(connectionCount)"])
            services.abort()
            _ = await services.waitUntilEmpty(timeout: .seconds(2))
        }
        try? await group.shutdownGracefully()
    }

    private func bootstrap(_ group: MultiThreadedEventLoopGroup) -> ServerBootstrap {
        ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: configuration.backlog)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            // Out of file descriptors: accept again later instead of spinning or giving the listener up.
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(AcceptBackoffHandler())
                }
            }
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(
                .writeBufferWaterMark, value: .init(low: 64 << 10, high: 256 << 10)
            )
            .childChannelInitializer { [configuration, methods, services] channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        ServerConnection(configuration: configuration, methods: methods, services: services))
                }
            }
    }
}
