import Files
import Logging
import ModelRegistry
import NIOPosix
import ServiceLifecycle
import Synchronization

/// Reads the registry's blobs again and again, slowly, and tells the log what is damaged before a restart needs it.
final class RegistryScrubber: Service {
    private let scrubber: Scrubber
    private let pause: Duration
    private let logger: Logger
    private let isStopping = Atomic(false)

    /// - Parameter pause: between the end of a round and the next.
    init(registry: Registry, bytesPerSecond: UInt64, pause: Duration, logger: Logger) {
        scrubber = Scrubber(registry, bytesPerSecond: bytesPerSecond)
        self.pause = pause
        self.logger = logger
    }

    /// Scrubs until the service group shuts down, on a thread of low priority.
    func run() async throws {
        let pool = NIOThreadPool(numberOfThreads: 1)
        pool.start()
        await withGracefulShutdownHandler {
            await cancelWhenGracefulShutdown {
                while (try? await Task.sleep(for: self.pause)) != nil {
                    try? await pool.runIfActive { self.scrub() }
                }
            }
        } onGracefulShutdown: {
            self.isStopping.store(true, ordering: .relaxed)
        }
        try await pool.shutdownGracefully()
    }

    /// One round; what it finds is logged, and mended by `dien-registry fsck --repair-from`.
    private func scrub() {
        ThreadPriority.lowerCurrentThread()
        do {
            let round = try scrubber.run(until: { self.isStopping.load(ordering: .relaxed) })
            for finding in round.findings { logger.error("scrub: \(finding)") }
            logger.debug("scrubbed \(round.blobs) blobs, \(round.bytes) bytes")
        } catch {
            logger.error("scrub: \(error)")
        }
    }
}
