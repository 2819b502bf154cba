import DIEN
import Files
import GRPC
public import Logging
import ModelRegistry
import RequestLog
public import ServiceLifecycle
public import Tensors

/// The whole server: follows a registry, answers ranking calls over gRPC, and drains when it is asked to stop.
///
/// Run its `services` in a `ServiceGroup`; a graceful shutdown ends the calls in flight with their answers.
public struct InferenceServer: Sendable {
    /// What a server is told when it starts.
    public struct Configuration: Sendable {
        /// The registry's folder.
        public var registryPath: String
        /// Whether the registry's files are read into memory instead of being mapped.
        public var copiesFiles = false
        /// The address to listen on.
        public var host = "127.0.0.1"
        /// The port to listen on; 0 takes a free one.
        public var port = 0
        /// The largest request message, in bytes.
        public var maxMessageBytes = 4 << 20
        /// What one request may ask for.
        public var limits = ServingLimits()
        /// What each loaded version keeps of its users, in bytes; 0: nothing.
        public var userStateBytes = UserStateLimits().bytes
        /// What each loaded version keeps of candidates, in bytes; 0: nothing.
        public var candidatePartBytes = 0
        /// How many calls may wait for a thread to score them.
        public var queueLimit = 1024
        /// How long the version of an experiment's arm may score a request before the champion answers it.
        public var candidateBudget = CandidateBudget.automatic
        /// Which kernels score.
        public var instructionSet = InstructionSet.automatic
        /// What networks are computed in; nil: as each version is configured.
        public var precision: Precision?
        /// How often the registry is asked for its next epoch.
        public var watchPeriod = Duration.milliseconds(10)
        /// How fast blobs are read again to find damage, in bytes a second; 0: never.
        public var scrubBytesPerSecond: UInt64 = 50_000_000
        /// From the end of such a round to the next, and from the start to the first.
        public var scrubPause = Duration.seconds(3600)
        /// Where requests are logged; nil: nowhere.
        public var requestLog: RequestLogConfiguration?
        /// The port for metrics, probes and events; nil: none.
        public var admin: AdminConfiguration? = AdminConfiguration()
        /// How long a drain waits for calls in flight.
        public var drainGrace = Duration.seconds(30)
        /// What signs the tokens of responses; replicas that share a key take each other's feedback.
        public var feedbackKey = FeedbackKey()
        /// How long after its request an outcome counts, in milliseconds; at least 8.
        public var attributionWindowMilliseconds: UInt64 = 3_600_000
        /// Items within that window that duplicates are recognised of.
        public var feedbackItems = 2_000_000
        /// The program's version, as `ListModels` tells it.
        public var serverVersion = ""

        /// A configuration with the defaults for all but the registry.
        public init(registryPath: String) { self.registryPath = registryPath }

        var transport: ServerConfiguration {
            var transport = ServerConfiguration()
            transport.host = host
            transport.port = port
            transport.maxReceiveMessageBytes = maxMessageBytes
            return transport
        }
    }

    private let watcher: RegistryWatcher
    private let listener: RankingListener
    private let scrubber: RegistryScrubber?
    private let admin: AdminListener?
    private let requestLog: RequestLogService?

    /// Reads the registry's newest epoch and loads what its aliases name; refused versions do not stop the start.
    ///
    /// - Parameter onListening: told the bound address once calls are taken.
    /// - Throws: `RegistryError` where the folder is no readable registry, `TensorError` where the processor cannot
    ///   run the kernels asked for.
    public init(
        configuration: Configuration, logger: Logger, onListening: @escaping @Sendable (String) -> Void
    ) throws {
        let metrics = ServingMetrics()
        let journal = EventJournal(logger: logger, metrics: metrics)
        let ledger = ExperimentLedger(
            signer: configuration.feedbackKey.signer,
            windowMilliseconds: configuration.attributionWindowMilliseconds,
            shadows: metrics.shadows.ledger)
        let intake = OutcomeIntake(ledger, capacity: configuration.feedbackItems)
        let table = CurrentTable(onReplace: { next, previous in
            ledger.follow(next)
            journal.record(next, after: previous)
        })
        let health = HealthService(services: ServiceName.all)
        let registry = try Registry(
            openingAt: configuration.registryPath, disk: LocalFileSystem(copying: configuration.copiesFiles))
        try Self.checkFileSystem(of: configuration)
        _ = try registry.currentState()
        let recentRequests = RecentRequests()
        if let folder = configuration.requestLog?.folder {
            logger.debug("remembers \(recentRequests.restore(from: folder)) requests of the request log")
        }
        let requestLog = try configuration.requestLog.map { try RequestLogWriter($0, logger: logger) }
        self.requestLog = requestLog.map(RequestLogService.init)
        let processors = Processors.current()
        watcher = RegistryWatcher(
            loader: try Self.loader(of: registry, configuration, processors, recentRequests, metrics),
            table: table, period: configuration.watchPeriod, logger: logger, journal: journal,
            onChange: { health.setServing($0.servesChampion) })
        watcher.advance()

        scrubber = Self.scrubber(
            of: registry, configuration, logger,
            Self.damageHandler(watcher, table, journal, metrics, isCopying: configuration.copiesFiles))
        let pool = try ScoringPool(
            processors, queueLimit: configuration.queueLimit,
            RankingService(
                table: table, limits: configuration.limits, recentRequests: recentRequests,
                requestLog: requestLog, ledger: ledger, unrouted: metrics.unrouted,
                candidateBudget: configuration.candidateBudget,
                journal: journal, logger: logger))
        let methods = MethodTable.serving(
            pool: pool,
            models: ModelsService(
                table: table, serverVersion: configuration.serverVersion, ledger: ledger, intake: intake),
            feedback: FeedbackService(intake: intake), health: health)
        let server = GRPCServer(methods: methods, configuration: configuration.transport, logger: logger)
        admin = configuration.admin.map { admin in
            let routes = AdminRoutes.serving(
                table: table, metrics: metrics, health: health, journal: journal, ledger: ledger
            ) {
                MetricsReport(
                    table: table.snapshot, metrics: metrics, calls: server.callCounts,
                    connections: server.connectionCount, scheduling: pool.scheduler.counts,
                    feedback: intake.counts, feedbackItems: intake.rememberedItems, process: .current(),
                    nowNanoseconds: MonotonicClock.nanoseconds(), serverVersion: configuration.serverVersion,
                    requestLog: requestLog?.counts)
            }
            return AdminListener(routes: routes, configuration: admin, logger: logger)
        }
        listener = RankingListener(
            server: server, health: health, grace: configuration.drainGrace, logger: logger,
            onListening: onListening)
    }

    private static func loader(
        of registry: Registry, _ configuration: Configuration, _ processors: Processors,
        _ recentRequests: RecentRequests, _ metrics: ServingMetrics
    ) throws -> ServableLoader {
        ServableLoader(
            registry: registry, kernels: try Kernels.select(configuration.instructionSet),
            precision: configuration.precision,
            recentRequests: recentRequests, isCopying: configuration.copiesFiles,
            userStates: UserStateLimits(
                bytes: configuration.userStateBytes, threads: processors.count),
            candidates: CandidateLimits(
                bytes: configuration.candidatePartBytes, threads: processors.count),
            metrics: metrics)
    }

    /// Nil where none is asked for.
    private static func scrubber(
        of registry: Registry, _ configuration: Configuration, _ logger: Logger,
        _ onDamage: @escaping @Sendable (Digest, Finding) -> Void
    ) -> RegistryScrubber? {
        guard configuration.scrubBytesPerSecond > 0 else { return nil }
        return RegistryScrubber(
            registry: registry, bytesPerSecond: configuration.scrubBytesPerSecond,
            pause: configuration.scrubPause, logger: logger, onDamage: onDamage)
    }

    /// Missing files are still there while they are mapped, and files read into memory are whole whatever the disk
    /// does: these are reported alone. A damaged one takes its versions out of service.
    private static func damageHandler(
        _ watcher: RegistryWatcher, _ table: CurrentTable, _ journal: EventJournal, _ metrics: ServingMetrics,
        isCopying: Bool
    ) -> @Sendable (Digest, Finding) -> Void {
        { digest, finding in
            metrics.countDamagedBlob()
            journal.record(
                ServingEvent(
                    kind: .blobDamaged, epoch: table.snapshot.epoch, digest: digest.description,
                    reason: "\(finding.kind): \(finding.detail)"))
            if finding.kind == .damagedBlob, !isCopying { watcher.foundDamaged(digest) }
        }
    }

    /// A mapped file of a network file system kills the process, or serves stale pages, when the network fails.
    private static func checkFileSystem(of configuration: Configuration) throws {
        guard !configuration.copiesFiles else { return }
        for folder in [configuration.registryPath, configuration.registryPath + "/blobs"] {
            guard let type = try? FileSystemType.of(folder), type.isNetwork else { continue }
            throw StartError.networkFileSystem(path: folder, type: type.name)
        }
    }

    /// In the order in which they start; they stop in the reverse order, so that the last calls still have a table.
    public var services: [any Service] {
        [watcher] + [requestLog].compactMap { $0 as (any Service)? }
            + [admin].compactMap { $0 as (any Service)? } + [listener]
            + [scrubber].compactMap { $0 as (any Service)? }
    }
}

/// Why a server does not start.
public enum StartError: Error, Equatable, CustomStringConvertible {
    /// The registry is on a file system that may go away under a mapped file.
    case networkFileSystem(path: String, type: String)
    /// The system gives no threads to score on.
    case noThreads(count: Int)
    /// The admin port cannot be listened on.
    case adminPort(address: String, reason: String)

    /// One line: the thing and the mend.
    public var description: String {
        switch self {
        case .networkFileSystem(let path, let type):
            "\(path) is on \(type), from which files are not safely mapped; copy the registry to a local disk, "
                + "or give --copy to read files into memory"
        case .noThreads(let count):
            "the system does not give \(count) threads to score on; raise the limit of processes (ulimit -u)"
        case .adminPort(let address, let reason):
            "the admin port \(address) cannot be listened on: \(reason); give --admin another address, or none"
        }
    }
}
