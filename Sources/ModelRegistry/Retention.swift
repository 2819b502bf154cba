internal import Files

/// What garbage collection leaves besides what is in use.
public struct Retention: Sendable, Equatable {
    /// How many of the newest versions of each model stay; at least 1, so that no number is ever given twice.
    public let versions: Int
    /// Whatever an alias, or anything else in a state, named in so many days stays.
    public let days: Int

    /// A rule; a smaller number of versions than 1 counts as 1, of days than 0 as 0.
    public init(versions: Int = 5, days: Int = 30) {
        self.versions = max(1, versions)
        self.days = max(0, days)
    }

    /// The moment that the days begin at, in the form of `CommitNote.time`.
    func start(now: UInt64) -> String {
        let day: UInt64 = 86_400_000
        let (span, overflow) = UInt64(days).multipliedReportingOverflow(by: day)
        let milliseconds = overflow || span > now ? 0 : Int(now - span)
        return WallClock.rfc3339(seconds: milliseconds / 1000, milliseconds: milliseconds % 1000)
    }
}

/// What garbage collection removes, or would.
public struct Garbage: Sendable, Equatable {
    /// A version that no rule keeps.
    public struct Version: Sendable, Equatable {
        /// The model it belongs to.
        public let model: String
        /// Its number, which is not given again.
        public let version: UInt64
        /// Its manifest.
        public let manifest: Digest
    }

    /// A blob that no version that stays refers to.
    public struct Blob: Sendable, Equatable {
        /// Its name.
        public let digest: Digest
        /// The bytes it takes.
        public let size: UInt64
    }

    /// Versions, by model and number.
    public internal(set) var versions: [Version] = []
    /// Blobs, by digest.
    public internal(set) var blobs: [Blob] = []
    /// Files that broken-off writers left in `staging/`.
    public internal(set) var leftovers: [String] = []
    /// Leases of processes that are gone.
    public internal(set) var leases: [String] = []

    /// The bytes of the blobs.
    public var bytes: UInt64 { blobs.reduce(0) { $0 + $1.size } }
}
