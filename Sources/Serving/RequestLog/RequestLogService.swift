import Files
import Logging
import NIOPosix
import RequestLog
import ServiceLifecycle

/// Writes the request log as long as the server runs, and what waits when it stops.
struct RequestLogService: Service {
    let writer: RequestLogWriter
    /// From one look at what waits to the next.
    static let period = Duration.milliseconds(20)

    /// On a thread of low priority. It stops after the listener, so that the last requests are in the log.
    func run() async throws {
        let pool = NIOThreadPool(numberOfThreads: 1)
        pool.start()
        try? await pool.runIfActive { _ = ThreadPriority.lowerCurrentThread() }
        await cancelWhenGracefulShutdown {
            while (try? await Task.sleep(for: Self.period)) != nil {
                try? await pool.runIfActive { writer.drain() }
            }
        }
        try? await pool.runIfActive { writer.close() }
        try await pool.shutdownGracefully()
    }
}

extension RequestLogWriter {
    /// The log of a server; what the disk refuses is told by the server's own log.
    convenience init(_ configuration: RequestLogConfiguration, logger: Logger) throws(RequestLogError) {
        try self.init(configuration.folder, configuration.options) { error in
            logger.error("the request log in \(configuration.folder) loses records: \(error)")
        }
    }
}
