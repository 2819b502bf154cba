/// What servers have counted since they started: of one, or, added up, of all replicas. The sum says what one server would that
/// had seen all requests and reports.
public struct ServerTally: Sendable, Equatable {
    /// One server that the counts are of.
    public struct Server: Sendable, Equatable, Codable {
        /// The epoch of the registry's state that it followed.
        public var epoch: UInt64
        /// The version of the program.
        public var version: String
        /// When it started: milliseconds since 1970-01-01T00:00:00Z.
        public var startUnixMilliseconds: UInt64
        /// Its clock when it told the counts, in the same.
        public var unixMilliseconds: UInt64
        /// How long after its request an outcome counts.
        public var windowMilliseconds: UInt64

        /// A server.
        public init(
            epoch: UInt64, version: String, startUnixMilliseconds: UInt64, unixMilliseconds: UInt64,
            windowMilliseconds: UInt64
        ) {
            self.epoch = epoch
            self.version = version
            self.startUnixMilliseconds = startUnixMilliseconds
            self.unixMilliseconds = unixMilliseconds
            self.windowMilliseconds = windowMilliseconds
        }
    }

    /// The servers, in the order of the addition.
    public var servers: [Server]
    /// The models, by name.
    public var models: [ModelTally]
    /// What became of reports.
    public var feedback: FeedbackCounts

    /// The counts of these servers.
    public init(
        servers: [Server] = [], models: [ModelTally] = [], feedback: FeedbackCounts = FeedbackCounts()
    ) {
        self.servers = servers
        self.models = models
        self.feedback = feedback
    }

    /// The counts of both. No request may be in both: a server is added once.
    public static func + (left: ServerTally, right: ServerTally) -> ServerTally {
        var models = Dictionary(left.models.map { ($0.model, $0) }, uniquingKeysWith: +)
        for model in right.models { models[model.model] = models[model.model].map { $0 + model } ?? model }
        return ServerTally(
            servers: left.servers + right.servers, models: models.values.sorted { $0.model < $1.model },
            feedback: left.feedback + right.feedback)
    }
}
