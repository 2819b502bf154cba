import Files
import Logging
import ModelRegistry
import NIOPosix
import ServiceLifecycle

/// Follows the registry: sees a new epoch, loads what it asks for beside what serves, and swaps the table.
///
/// The next epoch has one possible name, so watching costs one access(2) a period; nothing depends on change
/// notification, which network file systems do not give.
struct RegistryWatcher: Service {
    let loader: ServableLoader
    let table: CurrentTable
    /// How often the next epoch's name is looked for.
    let period: Duration
    let logger: Logger
    /// Told after each swap, on the watcher's thread.
    let onChange: @Sendable (ServingTable) -> Void

    /// Looks for new epochs until the service group shuts down.
    func run() async throws {
        let pool = NIOThreadPool(numberOfThreads: 1)
        pool.start()
        try? await pool.runIfActive { _ = ThreadPriority.lowerCurrentThread() }
        await cancelWhenGracefulShutdown {
            while (try? await Task.sleep(for: period)) != nil {
                try? await pool.runIfActive { advance() }
            }
        }
        try await pool.shutdownGracefully()
    }

    /// Brings the table up to the registry's newest epoch, if it is behind.
    ///
    /// Loading happens on the calling thread; a state that cannot be read leaves everything as it is.
    func advance() {
        let current = table.snapshot
        guard loader.registry.hasEpoch(current.epoch + 1) else { return }
        do {
            let state = try loader.registry.currentState()
            let succession = Succession(state: state, previous: current)
            _ = table.replace(with: succession.tableWhileLoading)
            var loaded: [Succession.Version: ServableState] = [:]
            for version in succession.toLoad { loaded[version] = load(version) }
            let next = succession.table(loaded: loaded)
            // The old table is let go here, so that unmapping never happens on a serving thread.
            _ = table.replace(with: next)
            logger.info("epoch \(next.epoch) serves", metadata: next.logMetadata)
            onChange(next)
        } catch {
            logger.error("epoch after \(current.epoch) cannot be read, still serving it: \(error)")
        }
    }

    private func load(_ version: Succession.Version) -> ServableState {
        let state = loader.load(version)
        switch state {
        case .refused(let reason):
            logger.error("refused version \(version.number) of model \(version.model): \(reason)")
        default:
            logger.info("loaded version \(version.number) of model \(version.model)")
        }
        return state
    }
}
