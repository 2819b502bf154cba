import CMessages

/// Requests of one kind that a candidate scored beside the version that answered, summed up: `dien.v1.ShadowCounters`.
public struct ShadowCounters: ProtobufMessage {
    /// The candidate.
    public var version: UInt64
    /// The version that answered.
    public var championVersion: UInt64
    /// The dimension of the segment.
    public var dimension: String
    /// Which part of it.
    public var segment: String
    /// Requests that both scored.
    public var requests: UInt64
    /// Requests that the candidate failed on.
    public var failures: UInt64
    /// Candidates of the requests that both scored.
    public var pairs: UInt64
    /// Requests whose first candidate is another.
    public var changedTops: UInt64
    /// Σ |Δ logit|.
    public var logitSum: Double
    /// Σ Kendall τ_b.
    public var tauSum: Double
    /// Requests that have one.
    public var tauCount: UInt64
    /// Σ overlap of the first candidates.
    public var overlapSum: Double
    /// Seconds that the version took that answered.
    public var championSeconds: Double
    /// Seconds that the candidate took.
    public var candidateSeconds: Double
    /// Pairs by |Δp|; empty where all are 0.
    public var bins: [UInt64]
    /// Those of `failures` that were scores that are no number.
    public var nonFinite: UInt64

    /// A message of these parts.
    public init(
        version: UInt64 = 0, championVersion: UInt64 = 0, dimension: String = "", segment: String = "",
        requests: UInt64 = 0, failures: UInt64 = 0, pairs: UInt64 = 0, changedTops: UInt64 = 0,
        logitSum: Double = 0, tauSum: Double = 0, tauCount: UInt64 = 0, overlapSum: Double = 0,
        championSeconds: Double = 0, candidateSeconds: Double = 0, bins: [UInt64] = [],
        nonFinite: UInt64 = 0
    ) {
        self.version = version
        self.championVersion = championVersion
        self.dimension = dimension
        self.segment = segment
        self.requests = requests
        self.failures = failures
        self.pairs = pairs
        self.changedTops = changedTops
        self.logitSum = logitSum
        self.tauSum = tauSum
        self.tauCount = tauCount
        self.overlapSum = overlapSum
        self.championSeconds = championSeconds
        self.candidateSeconds = candidateSeconds
        self.bins = bins
        self.nonFinite = nonFinite
    }

    /// Decodes a `dien.v1.ShadowCounters`.
    public init(serialized bytes: RawSpan) throws(MessageError) { self = try unsafe Self.decode(bytes) }

    /// Encodes a `dien.v1.ShadowCounters`.
    public func serialized() -> [UInt8] { unsafe encode() }
}

extension ShadowCounters: @unsafe CMessage {
    static let descriptor = unsafe MessageDescriptor(of: dien__v1__shadow_counters__init)

    init(copying message: Dien__V1__ShadowCounters) throws(MessageError) {
        unsafe self.init(
            version: message.version, championVersion: message.champion_version,
            dimension: text(message.dimension), segment: text(message.segment), requests: message.requests,
            failures: message.failures, pairs: message.pairs, changedTops: message.changed_tops,
            logitSum: message.logit_sum, tauSum: message.tau_sum, tauCount: message.tau_count,
            overlapSum: message.overlap_sum, championSeconds: message.champion_seconds,
            candidateSeconds: message.candidate_seconds, bins: column(message.bins, message.n_bins),
            nonFinite: message.non_finite)
    }

    func fill(_ message: inout Dien__V1__ShadowCounters, in arena: Arena) {
        unsafe message.version = version
        unsafe message.champion_version = championVersion
        unsafe message.dimension = unsafe arena.copy(dimension)
        unsafe message.segment = unsafe arena.copy(segment)
        unsafe message.requests = requests
        unsafe message.failures = failures
        unsafe message.pairs = pairs
        unsafe message.changed_tops = changedTops
        unsafe message.logit_sum = logitSum
        unsafe message.tau_sum = tauSum
        unsafe message.tau_count = tauCount
        unsafe message.overlap_sum = overlapSum
        unsafe message.champion_seconds = championSeconds
        unsafe message.candidate_seconds = candidateSeconds
        unsafe message.n_bins = bins.count
        unsafe message.bins = unsafe arena.copy(bins)
        unsafe message.non_finite = nonFinite
    }
}
