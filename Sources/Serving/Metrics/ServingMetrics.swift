import Synchronization

/// Everything that a server counts. Requests count on the `VersionCounters` that their version carries; the lock here is
/// for loading and for reading.
final class ServingMetrics: Sendable {
    struct Version: Hashable, Sendable, Comparable {
        let model: String
        let number: UInt64

        static func < (one: Version, other: Version) -> Bool {
            (one.model, one.number) < (other.model, other.number)
        }
    }

    /// What loading versions of a model came to.
    struct Loads: Sendable {
        var ready: UInt64 = 0
        var refused: UInt64 = 0
        let durations = DurationHistogram(bounds: DurationHistogram.loadBounds)
    }

    /// How many versions keep their counts; those loaded longest ago lose them first.
    static let versionLimit = 256

    private struct State {
        var versions: [Version: VersionCounters] = [:]
        /// The versions in the order in which they were loaded last.
        var order: [Version] = []
        var loads: [String: Loads] = [:]
        var damagedBlobs: UInt64 = 0
        var quarantined: [String: UInt64] = [:]
    }

    /// Rank calls that were refused before a version was found for them.
    let unrouted = VersionCounters()
    /// What shadows have found.
    let shadows = ShadowResults()
    private let state = Mutex(State())
    private let lastCheck = Atomic<UInt64>(0)

    init() {}

    /// The counters of a version, kept over unloading and loading again.
    func counters(of model: String, _ number: UInt64) -> VersionCounters {
        let version = Version(model: model, number: number)
        return state.withLock { state in
            let counters = state.versions[version] ?? VersionCounters()
            state.versions[version] = counters
            state.order.removeAll { $0 == version }
            state.order.append(version)
            if state.order.count > Self.versionLimit {
                state.versions[state.order.removeFirst()] = nil
            }
            return counters
        }
    }

    func countLoad(of model: String, isReady: Bool, _ duration: Duration) {
        state.withLock { state in
            let loads = state.loads[model, default: Loads()]
            loads.durations.observe(duration)
            state.loads[model] = loads
            if isReady { state.loads[model]?.ready += 1 } else { state.loads[model]?.refused += 1 }
        }
    }

    /// A version of a model was taken out of service after it had been loaded.
    func countQuarantine(of model: String) {
        state.withLock { $0.quarantined[model, default: 0] += 1 }
    }

    /// The scrubber found a blob that is damaged or missing.
    func countDamagedBlob() { state.withLock { $0.damagedBlobs += 1 } }

    /// The registry was looked at, and is there. At nanoseconds of the monotonic clock.
    func countCheck(at nanoseconds: UInt64) { lastCheck.store(nanoseconds, ordering: .relaxed) }

    /// When the registry was last looked at; 0: never.
    var lastCheckNanoseconds: UInt64 { lastCheck.load(ordering: .relaxed) }
    var versions: [Version: VersionCounters] { state.withLock { $0.versions } }
    var loads: [String: Loads] { state.withLock { $0.loads } }
    var quarantined: [String: UInt64] { state.withLock { $0.quarantined } }
    var damagedBlobs: UInt64 { state.withLock { $0.damagedBlobs } }
}
