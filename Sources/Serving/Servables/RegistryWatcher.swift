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
    private let damagedBlobs = Mutex<Set<Digest>>([])
    private let journal: EventJournal

    /// - Parameters:
    ///   - period: how often the next epoch's name is looked for.
    ///   - onChange: told after each swap, on the watcher's thread.
    init(
        loader: ServableLoader, table: CurrentTable, period: Duration, logger: Logger,
        journal: EventJournal? = nil, onChange: @escaping @Sendable (ServingTable) -> Void
    ) {
        self.loader = loader
        lease = ServedVersionsLease(on: loader.registry)
        self.table = table
        self.period = period
        self.logger = logger
        self.journal = journal ?? EventJournal(logger: logger)
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
                    self.releaseRetired()
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
        guard loader.registry.hasEpoch(current.epoch + 1) else {
            // Without its present epoch the registry is gone, not up to date.
            if loader.registry.hasEpoch(current.epoch) { countCheck() }
            return
        }
        do {
            // Listing every epoch costs time and memory that grow with the history: only who knows none does it.
            let state =
                current.epoch == 0
                ? try loader.registry.currentState()
                : try loader.registry.newestState(from: current.epoch + 1)
            let succession = Succession(
                state: state, previous: current, shadows: loader.metrics.shadows)
            renewLease(current, succession.toLoad)
            let next = succession.table(loaded: load(succession))
            table.replace(with: next)
            retired.add(leaving: current, for: next)
            renewLease(next)
            reportedFailure.withLock { $0 = "" }
            countCheck()
            logger.info("epoch \(next.epoch) serves", metadata: next.logMetadata)
            onChange(next)
        } catch {
            report(
                "the epoch after \(current.epoch) cannot be read, still serving that one: \(error)", current)
        }
    }

    /// Takes versions whose files lost pages, or have a blob that was found damaged, out of service at once.
    func refuseDamaged() {
        let current = table.snapshot
        let damaged = damagedBlobs.withLock { blobs in
            defer { blobs = [] }
            return blobs
        }
        guard let next = current.quarantiningDamage(blobs: damaged) else { return }
        table.replace(with: next)
        retired.add(leaving: current, for: next)
        logger.error("a served version is damaged and was taken out of service", metadata: next.logMetadata)
        onChange(next)
    }

    /// Told by the scrubber, from its own thread; the next look at the registry acts on it.
    func foundDamaged(_ blob: Digest) { damagedBlobs.withLock { _ = $0.insert(blob) } }

    private func countCheck() { loader.metrics.countCheck(at: MonotonicClock.nanoseconds()) }

    private func releaseRetired() {
        for freed in retired.release() {
            journal.record(
                ServingEvent(
                    kind: .versionFreed, epoch: table.snapshot.epoch, model: freed.model,
                    version: freed.version,
                    digest: freed.manifest.description))
        }
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
    private func report(_ failure: String, _ current: ServingTable) {
        let isNew = reportedFailure.withLock { reported in
            defer { reported = failure }
            return reported != failure
        }
        guard isNew else { return }
        logger.error("\(failure)")
        journal.record(ServingEvent(kind: .epochUnreadable, epoch: current.epoch, reason: failure))
    }
}
