import Files
import Logging
import ModelRegistry
import NIOPosix
import ServiceLifecycle
import Synchronization

/// Reads the registry's blobs again and again, slowly, and tells what is damaged before a restart needs it.
final class RegistryScrubber: Service {
    private let scrubber: Scrubber
    private let pause: Duration
    private let logger: Logger
    private let onDamage: @Sendable (Digest, Finding) -> Void
    private let isStopping = Atomic(false)

    /// - Parameters:
    ///   - pause: between the end of a round and the next.
    ///   - onDamage: told of each damaged or missing file of a version when it is found, on the scrubber's thread.
    init(
        registry: Registry, bytesPerSecond: UInt64, pause: Duration, logger: Logger,
        onDamage: @escaping @Sendable (Digest, Finding) -> Void
    ) {
        scrubber = Scrubber(registry, bytesPerSecond: bytesPerSecond)
        self.pause = pause
        self.logger = logger
        self.onDamage = onDamage
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
            let round = try scrubber.run(
                until: { self.isStopping.load(ordering: .relaxed) }, onDamage: onDamage)
            for finding in round.findings { logger.error("scrub: \(finding)") }
            logger.debug("scrubbed \(round.blobs) blobs, \(round.bytes) bytes")
        } catch {
            logger.error("scrub: \(error)")
        }
    }
}
