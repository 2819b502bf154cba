import Files
import Logging
import ModelRegistry
import NIOPosix
import ServiceLifecycle
import Synchronization

/// Follows the registry: sees a new epoch, loads what it asks for beside what serves, and swaps the table.
///
/// The next epoch has one possible name, so watching costs one access(2) a period; nothing depends on change
/// notification, which network file systems do not give.
final class RegistryWatcher: Service {
    private let loader: ServableLoader
    private let table: CurrentTable
    private let period: Duration
    private let logger: Logger
    private let onChange: @Sendable (ServingTable) -> Void
    private let lease: ServedVersionsLease
    private let retired = RetiredModels()
    private let reportedFailure = Mutex("")

    /// - Parameters:
    ///   - period: how often the next epoch's name is looked for.
    ///   - onChange: told after each swap, on the watcher's thread.
    init(
        loader: ServableLoader, table: CurrentTable, period: Duration, logger: Logger,
        onChange: @escaping @Sendable (ServingTable) -> Void
    ) {
        self.loader = loader
        lease = ServedVersionsLease(on: loader.registry)
        self.table = table
        self.period = period
        self.logger = logger
        self.onChange = onChange
    }

    /// Looks for new epochs until the service group shuts down.
    func run() async throws {
        let pool = NIOThreadPool(numberOfThreads: 1)
        pool.start()
        try? await pool.runIfActive { _ = ThreadPriority.lowerCurrentThread() }
        await cancelWhenGracefulShutdown {
            while (try? await Task.sleep(for: self.period)) != nil {
                try? await pool.runIfActive {
                    self.refuseDamaged()
                    self.advance()
                    self.retired.release()
                }
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
            // Listing every epoch costs time and memory that grow with the history: only who knows none does it.
            let state =
                current.epoch == 0
                ? try loader.registry.currentState()
                : try loader.registry.newestState(from: current.epoch + 1)
            let succession = Succession(state: state, previous: current)
            renewLease(current, succession.toLoad)
            let next = succession.table(loaded: load(succession))
            table.replace(with: next)
            retired.add(leaving: current, for: next)
            renewLease(next)
            reportedFailure.withLock { $0 = "" }
            logger.info("epoch \(next.epoch) serves", metadata: next.logMetadata)
            onChange(next)
        } catch {
            report("the epoch after \(current.epoch) cannot be read, still serving that one: \(error)")
        }
    }

    /// Takes versions whose files lost pages out of service at once.
    func refuseDamaged() {
        let current = table.snapshot
        guard let next = current.withoutDamagedVersions() else { return }
        table.replace(with: next)
        retired.add(leaving: current, for: next)
        logger.error("a served version lost pages", metadata: next.logMetadata)
        onChange(next)
    }

    private func load(_ succession: Succession) -> [Succession.Version: ServableState] {
        var steps: [Succession.Version: LoadingStep] = [:]
        var loaded: [Succession.Version: ServableState] = [:]
        for version in succession.toLoad {
            let state = loader.load(version) { step in
                steps[version] = step
                table.replace(with: succession.tableWhileLoading(steps))
            }
            if case .refused(let reason) = state {
                logger.error("refused version \(version.number) of model \(version.model): \(reason)")
            } else {
                logger.info("loaded version \(version.number) of model \(version.model)")
            }
            loaded[version] = state
        }
        return loaded
    }

    private func renewLease(_ table: ServingTable, _ loading: [Succession.Version] = []) {
        if let error = lease.hold(table, loading) {
            logger.info("no lease, so do not collect garbage while this server runs: \(error)")
        }
    }

    /// Logs a failure once, however often the same one is met again.
    private func report(_ failure: String) {
        let isNew = reportedFailure.withLock { reported in
            defer { reported = failure }
            return reported != failure
        }
        if isNew { logger.error("\(failure)") }
    }
}
