import Synchronization

/// Whether an arm's version answers for itself in this replica, and why not.
struct ArmStanding: Sendable, Equatable {
    enum Phase: String, Sendable, CaseIterable {
        /// It answers.
        case serving
        /// It failed too often; the champion answers.
        case open
        /// The same, but for one request at a time, which tries whether it can again.
        case probing
        /// The guard took it out; the champion answers until the state names another experiment or version.
        case stopped
    }

    var phase = Phase.serving
    /// One sentence; empty while it serves.
    var reason = ""
    /// When it came to stand so; 0: from the beginning.
    var sinceUnixMilliseconds: UInt64 = 0
}

/// Why the champion answers a request in the place of the arm's version.
enum FallbackReason: String, Error, Sendable, CaseIterable {
    /// The version gave a score that is not a number.
    case nonFinite = "non_finite"
    /// It could not score the request.
    case error
    /// It took longer than its budget.
    case overBudget = "over_budget"
    /// It is not asked, since it failed too often.
    case breakerOpen = "breaker_open"
    /// The guard stopped it.
    case stopped
    /// The caller's deadline leaves no time for both: no fault of the version.
    case noTime = "no_time"
    /// It is not loaded here.
    case notLoaded = "not_loaded"

    init(_ fault: VersionFault) {
        self =
            switch fault {
            case .nonFinite: .nonFinite
            case .error: .error
            case .overBudget: .overBudget
            }
    }
}

/// What a watched arm came to. Counting is relaxed additions, with no lock.
final class WatchCounters: Sendable {
    private let faultCounts = InlineArray<3, Atomic<UInt64>> { _ in Atomic(0) }
    private let fallbackCounts = InlineArray<7, Atomic<UInt64>> { _ in Atomic(0) }

    /// Requests that the version failed on.
    var faults: [(fault: VersionFault, count: UInt64)] {
        VersionFault.allCases.enumerated().map { ($1, faultCounts[$0].load(ordering: .relaxed)) }
    }

    /// Requests that the champion answered for it.
    var fallbacks: [(reason: FallbackReason, count: UInt64)] {
        FallbackReason.allCases.enumerated().map { ($1, fallbackCounts[$0].load(ordering: .relaxed)) }
    }

    func count(_ fault: VersionFault) {
        guard let index = VersionFault.allCases.firstIndex(of: fault) else { return }
        faultCounts[index].add(1, ordering: .relaxed)
    }

    func count(_ reason: FallbackReason) {
        guard let index = FallbackReason.allCases.firstIndex(of: reason) else { return }
        fallbackCounts[index].add(1, ordering: .relaxed)
    }
}
