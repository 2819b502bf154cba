/// What a server does at one moment, for people who watch it: the content of the live page and of `/status.json`. Bounded,
/// whatever the registry holds.
struct LiveReport: Sendable, Equatable, Encodable {
    /// The most models that are told of; the others are counted.
    static let modelLimit = 8
    /// The most versions of a model: those that are loaded first, then the newest.
    static let versionLimit = 12
    /// The most events.
    static let eventLimit = 20
    /// The most characters of a reason or another free text.
    static let textLimit = 400

    /// When, in RFC 3339.
    let time: String
    let server: Server
    let models: [Model]
    /// Models that are not told of.
    let omittedModels: Int
    /// The newest first.
    let events: [Event]

    /// The process.
    struct Server: Sendable, Equatable, Encodable {
        let version: String
        /// Whether a champion answers, and calls are taken.
        let isReady: Bool
        let isDraining: Bool
        let uptimeSeconds: Double
        /// The registry's epoch that is followed; 0 before the first.
        let epoch: UInt64
        /// Seconds since the registry was last seen; nil: never.
        let registryAgeSeconds: Double?
        let connections: Int
        let threads: Int
        /// Calls that wait for a thread.
        let waiting: Int
        /// Calls that the queue had no room for.
        let queueRefusals: UInt64
        /// Calls for which no version was found, or whose deadline passed before.
        let unrouted: UInt64
        let residentBytes: UInt64?
        let feedback: Feedback
    }

    /// One model of the registry.
    struct Model: Sendable, Equatable, Encodable {
        let name: String
        let aliases: [Alias]
        let versions: [Version]
        /// Versions that are not told of.
        let omittedVersions: Int
        let experiment: Experiment?
        let shadows: [Shadow]
    }

    /// A name for a version.
    struct Alias: Sendable, Equatable, Encodable {
        let name: String
        /// The version that the registry names.
        let version: UInt64
        /// The one that answers; 0: none.
        let servingVersion: UInt64
    }

    /// One version of a model.
    struct Version: Sendable, Equatable, Encodable {
        let number: UInt64
        let digest: String
        /// As metrics and events name it.
        let state: String
        let reason: String
        /// Aliases and arms that it answers.
        let answers: [String]
        /// Since the server started.
        let requests: UInt64
        let failed: UInt64
        let refused: UInt64
        /// Of the last ten seconds; nil before the second sample.
        let rates: Rates?
        /// Of the last minute, one a stage.
        let stages: [Stage]
        /// Requests a second in the last two minutes.
        let recent: [Point]
    }

    /// Requests a second.
    struct Rates: Sendable, Equatable, Encodable {
        /// Over how long they are taken.
        let seconds: Double
        let requests: Double
        let failed: Double
        let refused: Double
        /// Answered by the champion in the place of an arm's version.
        let fallbacks: Double
    }

    /// How long a part of the requests took.
    struct Stage: Sendable, Equatable, Encodable {
        /// `wait`, `scoring` or `total`.
        let name: String
        /// Upper bounds in seconds; one bucket more holds what is above.
        let bounds: [Double]
        let buckets: [UInt64]
        /// The bound that half of the requests, and 99 of 100, do not exceed; nil without requests, or above all bounds.
        let p50: Double?
        let p99: Double?
    }

    /// A figure in the course of time.
    struct Point: Sendable, Equatable, Encodable {
        let secondsAgo: Double
        let value: Double
    }

    /// Something that happened.
    struct Event: Sendable, Equatable, Encodable {
        let time: String
        let kind: String
        let isFailure: Bool
        /// The other fields, by their names in `/events`.
        let details: [String: String]
    }
}
