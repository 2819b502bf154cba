import ArgumentParser
import Files
import Logging
import ServiceLifecycle
import Serving
import Tensors
import UnixSignals

/// `dien-server`: serve a registry.

struct DIENServer: AsyncParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "dien-server",
        abstract: "Serves the models of a registry over gRPC.",
        discussion: """
            Follows the registry: what `dien-registry promote` commits is served as soon as it is loaded and checked.
            SIGTERM and SIGINT end it gracefully: calls in flight get their answers.

            Once it takes calls it prints one line on stdout, `dien-server: serving on HOST:PORT`; the log is on stderr.
            On the admin port it answers GET /metrics (Prometheus), /healthz, /readyz and /events over HTTP/1.1.
            It exits with 0 after a drain, 1 when it cannot start or go on, 2 when it is called wrongly.

            EXAMPLES
              dien-server --registry registry
              dien-server --registry /srv/registry --listen 0.0.0.0:50051 --max-candidates 5000
              dien-server --registry registry --listen 127.0.0.1:0 --log-level warning
              dien-server --registry registry --request-log requests --request-log-share 5
            """,
        version: "dien-server \(version)")

    @Option(help: ArgumentHelp("The registry's folder.", valueName: "path"))
    var registry = "registry"

    @Flag(help: "Read the registry's files into memory instead of mapping them, as on a network file system.")
    var copy = false

    @Option(help: ArgumentHelp("The address to listen on; port 0 takes a free one.", valueName: "host:port"))
    var listen = ListenAddress(host: "127.0.0.1", port: 50_051)

    @Option(
        help: ArgumentHelp(
            "The address for metrics, probes and events; port 0 takes a free one, none opens no port.",
            valueName: "host:port"))
    var admin = AdminAddress.at(ListenAddress(host: "127.0.0.1", port: 50_052))

    @Option(help: ArgumentHelp("The most candidates of one request.", valueName: "count"))
    var maxCandidates = 2_000

    @Option(help: ArgumentHelp("The longest history of one request.", valueName: "count"))
    var maxHistory = 10_000

    @Option(help: ArgumentHelp("The largest request message.", valueName: "bytes"))
    var maxMessageBytes = 4 << 20

    @Option(
        help: ArgumentHelp(
            "Memory that each loaded version keeps for the states of its users; 0 keeps none.",
            valueName: "MB"))
    var userStates = 256

    @Option(
        help: ArgumentHelp(
            "Memory that each loaded version keeps for what it computes of candidates alone; 0 keeps none.",
            valueName: "MB"))
    var candidateParts = 0

    @Option(
        help: ArgumentHelp(
            "How long an experiment's version may score before the champion answers: milliseconds, or auto (default; four times "
                + "the champion's p99, 10 to 1000).", valueName: "ms"),
        transform: parseCandidateBudget)
    var candidateBudget = CandidateBudget.automatic

    @Option(help: ArgumentHelp("How many calls may wait to be scored.", valueName: "count"))
    var maxWaiting = 1024

    @OptionGroup(title: "Request log") var requestLog: RequestLogArguments

    @Option(
        help: "The kernels that score: auto (default), scalar, avx2, avx512, avx512bf16 or neon.",
        transform: parseInstructionSet)
    var kernels = InstructionSet.automatic

    @Option(
        help: "What networks are computed in: configured (default; what each version says), fp32 or bf16.",
        transform: NetworkPrecision.init(argument:))
    var precision = NetworkPrecision.configured

    @Option(
        help: ArgumentHelp(
            "A file of 32 bytes or more that signs feedback tokens, the same for all replicas. Without it a random key: tokens "
                + "are then good for this process alone.",
            valueName: "file"))
    var feedbackKey: String?

    @Option(
        help: ArgumentHelp(
            "How long after its request an outcome counts, and after which it is judged.",
            valueName: "seconds"))
    var attributionWindow = 3600

    @Option(
        help: ArgumentHelp(
            "Items within that window that duplicates are recognised of, some 25 bytes each.",
            valueName: "count"))
    var feedbackItems = 2_000_000

    @Option(
        help: ArgumentHelp("How fast blobs are read again to find damage; 0 for never.", valueName: "MB/s"))
    var scrubRate = 50

    @Option(
        help: ArgumentHelp(
            "From the end of such a reading to the next, and from the start to the first.",
            valueName: "seconds"))
    var scrubPause = 3600

    @Option(help: ArgumentHelp("How long a drain waits for calls in flight.", valueName: "seconds"))
    var drainSeconds = 30

    @Option(
        help: "What is logged: trace, debug, info (default), notice, warning, error or critical.",
        transform: parseLogLevel)
    var logLevel = Logger.Level.info

    func validate() throws {
        try require("--max-candidates", maxCandidates, in: 1...1_000_000)
        try require("--max-history", maxHistory, in: 0...1_000_000)
        try require("--max-message-bytes", maxMessageBytes, in: 1...(1 << 30))
        try require("--user-states", userStates, in: 0...1_000_000)
        try require("--candidate-parts", candidateParts, in: 0...1_000_000)
        try require("--max-waiting", maxWaiting, in: 1...1_000_000)
        try require("--attribution-window", attributionWindow, in: 1...31_536_000)
        try require("--feedback-items", feedbackItems, in: 1...1_000_000_000)
        try require("--scrub-rate", scrubRate, in: 0...100_000)
        try require("--scrub-pause", scrubPause, in: 1...31_536_000)
        try require("--drain-seconds", drainSeconds, in: 0...3600)
    }

    private func require(_ option: String, _ value: Int, in range: ClosedRange<Int>) throws {
        guard range.contains(value) else {
            throw ValidationError("\(option) is \(value); give \(range.lowerBound) to \(range.upperBound)")
        }
    }

    func run() async throws {
        var logger = Logger(label: "dien-server", factory: { StreamLogHandler.standardError(label: $0) })
        logger.logLevel = logLevel
        do {
            let server = try InferenceServer(
                configuration: try inferenceConfiguration(), logger: logger,
                onListening: { StandardStream.output.writeLine("dien-server: serving on \($0)") })
            let group = ServiceGroup(
                configuration: ServiceGroupConfiguration(
                    services: server.services.map { .init(service: $0) },
                    gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
            try await group.run()
        } catch {
            StandardStream.error.writeLine("dien-server: \(error)")
            throw ExitCode(1)
        }
    }

    private func inferenceConfiguration() throws -> InferenceServer.Configuration {
        var configuration = InferenceServer.Configuration(registryPath: registry)
        configuration.copiesFiles = copy
        configuration.host = listen.host
        configuration.port = listen.port
        configuration.admin = admin.configuration
        configuration.maxMessageBytes = maxMessageBytes
        configuration.limits = ServingLimits(candidates: maxCandidates, historyLength: maxHistory)
        configuration.queueLimit = maxWaiting
        configuration.candidateBudget = candidateBudget
        configuration.userStateBytes = userStates * 1_000_000
        configuration.candidatePartBytes = candidateParts * 1_000_000
        configuration.requestLog = requestLog.configuration
        configuration.instructionSet = kernels
        configuration.precision = precision.precision
        configuration.drainGrace = .seconds(drainSeconds)
        configuration.scrubBytesPerSecond = UInt64(scrubRate) * 1_000_000
        configuration.scrubPause = .seconds(scrubPause)
        if let feedbackKey { configuration.feedbackKey = try FeedbackKey(path: feedbackKey) }
        configuration.attributionWindowMilliseconds = UInt64(attributionWindow) * 1000
        configuration.feedbackItems = feedbackItems
        configuration.serverVersion = Self.version
        return configuration
    }
}
