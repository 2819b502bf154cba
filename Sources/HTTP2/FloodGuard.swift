public import NIOCore

/// Decides when a peer's legal but costly frames become an attack. Pure: it is told what happened and when.
///
/// The classes are those of CVE-2019-9511 to 9518, CVE-2023-44487 (rapid reset), CVE-2025-8671 (MadeYouReset).
public struct FloodGuard: Sendable {
    /// What the peer does too much of.
    public enum Kind: Int, Sendable, CaseIterable, CustomStringConvertible {
        /// RST_STREAM received by a server (rapid reset).
        case resetsReceived
        /// RST_STREAM that the peer's mistakes made us send (MadeYouReset), refused streams among them.
        case resetsInduced
        /// Frames and header fields that break the protocol in a way that only costs their stream.
        case invalidFrames
        case settings
        /// DATA without content that does not end its stream.
        case emptyData
        /// PING, PRIORITY, WINDOW_UPDATE and unknown frames in no proportion to the HEADERS and DATA beside them.
        case controlFrames
        /// Header lists above the limit, which are decoded and then thrown away.
        case oversizedHeaders

        /// The name for metrics and GOAWAY debug data.
        public var description: String {
            switch self {
            case .resetsReceived: "rapid_reset"
            case .resetsInduced: "made_you_reset"
            case .invalidFrames: "invalid_frames"
            case .settings: "too_many_settings"
            case .emptyData: "empty_data"
            case .controlFrames: "control_frame_flood"
            case .oversizedHeaders: "oversized_headers"
            }
        }
    }

    private let limits: FloodLimits
    private var buckets: [TokenBucket]
    private var emptyDataRun = 0
    private var controlCredit: Int

    /// All buckets start full.
    public init(limits: FloodLimits) {
        self.limits = limits
        controlCredit = limits.controlFrames
        buckets = Kind.allCases.map { TokenBucket(rate: limits.rate(of: $0)) }
    }

    /// Records one costly frame. Returns true if the peer went over the limit of its kind.
    public mutating func record(_ kind: Kind, at now: NIODeadline) -> Bool {
        switch kind {
        case .emptyData:
            emptyDataRun += 1
            return emptyDataRun > limits.emptyDataRun
        case .controlFrames:
            controlCredit -= 1
            if controlCredit >= 0 { return false }
            return !take(kind, at: now)
        default:
            return !take(kind, at: now)
        }
    }

    /// HEADERS or DATA with content went by, in either direction: earns the peer some control frames.
    public mutating func recordMessageFrame(received: Bool) {
        if received { emptyDataRun = 0 }
        controlCredit = min(controlCredit + limits.controlFramesPerMessageFrame, limits.controlFrames)
    }

    /// A stream was answered in full. Earns the peer one reset, so that a client with tight deadlines, which
    /// cancels some of very many calls, is not taken for an attacker.
    public mutating func recordAnsweredStream() {
        buckets[Kind.resetsReceived.rawValue].giveBack()
    }

    private mutating func take(_ kind: Kind, at now: NIODeadline) -> Bool {
        buckets[kind.rawValue].take(at: now)
    }
}

/// The figures of `FloodGuard`.
public struct FloodLimits: Sendable {
    /// So many at once, and as many again over the period.
    public struct Rate: Sendable {
        /// The burst.
        public var count: Int
        /// The time in which a used-up burst is earned again.
        public var period: TimeAmount

        /// Makes a rate of `count` events over `period`.
        public init(_ count: Int, per period: TimeAmount) {
            self.count = count
            self.period = period
        }
    }

    /// RST_STREAM received, less one for each stream answered in full.
    public var resetsReceived = Rate(200, per: .seconds(30))
    /// RST_STREAM sent for the peer's mistakes.
    public var resetsInduced = Rate(200, per: .seconds(30))
    /// Frames and header fields that break the protocol.
    public var invalidFrames = Rate(200, per: .seconds(30))
    /// SETTINGS, each of which must be acknowledged.
    public var settings = Rate(100, per: .seconds(10))
    /// Header blocks over the limits of `HTTP2Configuration`.
    public var oversizedHeaders = Rate(10, per: .seconds(30))
    /// The most DATA frames without content in a row, over all streams.
    public var emptyDataRun = 10
    /// The most control frames in advance of HEADERS and DATA…
    public var controlFrames = 500
    /// …and how many each of those earns.
    public var controlFramesPerMessageFrame = 10
    /// Control frames for which there was no credit.
    public var uncreditedControlFrames = Rate(100, per: .seconds(10))

    /// The defaults, which no well-behaved gRPC client comes near.
    public init() {}

    func rate(of kind: FloodGuard.Kind) -> Rate {
        switch kind {
        case .resetsReceived: resetsReceived
        case .resetsInduced: resetsInduced
        case .invalidFrames: invalidFrames
        case .settings: settings
        case .controlFrames: uncreditedControlFrames
        case .oversizedHeaders: oversizedHeaders
        case .emptyData: Rate(emptyDataRun, per: .seconds(1))
        }
    }
}

/// A bucket of `rate.count` tokens, which refills evenly over `rate.period`.
struct TokenBucket: Sendable {
    private let capacity: Double
    private let tokensPerNanosecond: Double
    private var tokens: Double
    private var refilled: NIODeadline?

    init(rate: FloodLimits.Rate) {
        capacity = Double(rate.count)
        tokensPerNanosecond = capacity / Double(max(rate.period.nanoseconds, 1))
        tokens = capacity
    }

    /// Takes one token; false if there is none.
    mutating func take(at now: NIODeadline) -> Bool {
        if let refilled {
            tokens = min(capacity, tokens + Double((now - refilled).nanoseconds) * tokensPerNanosecond)
        }
        refilled = now
        if tokens < 1 { return false }
        tokens -= 1
        return true
    }

    mutating func giveBack() {
        tokens = min(capacity, tokens + 1)
    }
}
