import Experiment
import Synchronization

/// What this replica has counted of one arm. Counting on the way of a request is an addition to one of 1,024 atomic numbers, and
/// a look into one of 16 samples of units, each under a lock of its own: threads hardly ever meet.
final class ArmSeries: Sendable {
    /// Something that went wrong with a request, and that the arm is to blame for.
    enum BadEvent: Sendable, CaseIterable {
        /// It ended with an error.
        case error
        /// It took longer than its budget.
        case overBudget
        /// The champion answered because the arm's version could not.
        case fallback
        /// The arm's version gave a score that is not a number.
        case nonFinite

        var quantity: ArmCounters.Quantity {
            switch self {
            case .error: .errors
            case .overBudget: .overBudget
            case .fallback: .fallbacks
            case .nonFinite: .nonFinite
            }
        }
    }

    private static let shards = 16

    /// Whose counters these are.
    let identity: ArmIdentity
    /// What signed requests name it by, beside the version.
    let hash: UInt64
    private let requests = Buckets()
    private let candidates = Buckets()
    private let badEvents = InlineArray<4, Buckets> { _ in Buckets() }
    private let badEventLimit = Mutex(BadEventLimit())
    private let units = InlineArray<16, Mutex<UnitSample>> { _ in
        Mutex(UnitSample(capacity: UnitSample.standardCapacity / ArmSeries.shards))
    }
    private let outcomes: Mutex<AttributionWindow>
    private let guardState = Mutex(ArmGuard(.unwatched))

    /// Counters of an arm that did nothing.
    init(_ identity: ArmIdentity, windowMilliseconds: UInt64) {
        self.identity = identity
        hash = identity.hash
        outcomes = Mutex(AttributionWindow(milliseconds: windowMilliseconds))
    }

    /// What the guard of this replica has done about the arm, for `Models.Counters`. Set by whoever guards.
    var armGuard: ArmGuard {
        get { guardState.withLock { $0 } }
        set { guardState.withLock { $0 = newValue } }
    }

    /// A request was assigned to the arm.
    ///
    /// - Parameter isUnit: whether the bucket is that of a routing key, not of a request alone.
    func countRequest(_ unit: UnitBucket, isUnit: Bool) {
        requests.add(1, unit.bucket)
        // The sample looks at the lowest bits, so that the highest are free to choose the shard.
        if isUnit { units[Int(unit.hash >> 60)].withLock { $0.see(unit.hash) } }
    }

    /// Candidates of a request were scored.
    func countCandidates(_ count: Int, _ unit: UnitBucket) { candidates.add(UInt64(count), unit.bucket) }

    /// Counts what went wrong, unless something of this unit was counted in this minute.
    func count(_ event: BadEvent, _ unit: UnitBucket, unixMilliseconds: UInt64) {
        let counts = badEventLimit.withLock { $0.admits(unit.hash, unixMilliseconds: unixMilliseconds) }
        guard counts, let index = BadEvent.allCases.firstIndex(of: event) else { return }
        badEvents[index].add(1, unit.bucket)
    }

    /// Counts an outcome of a request that was served at `served`, unless its window says otherwise.
    func record(_ outcome: Outcome, bucket: Int, served: UInt64, now: UInt64) -> AttributionWindow.Refusal? {
        outcomes.withLock { $0.record(outcome, bucket: bucket, served: served, now: now) }
    }

    /// All sums, those of windows that are over at `now`; and the totals of those that are open.
    func counters(now: UInt64) -> (closed: ArmCounters, open: ArmTally.Open) {
        var (counters, open) = outcomes.withLock { window in
            window.close(now: now)
            return (window.closed, ArmTally.Open(window.openTotals))
        }
        requests.add(to: &counters, .requests)
        candidates.add(to: &counters, .candidates)
        for (index, event) in BadEvent.allCases.enumerated() {
            badEvents[index].add(to: &counters, event.quantity)
        }
        return (counters, open)
    }

    /// Bad events so far, but for those that the champion has mended.
    var faults: UInt64 {
        BadEvent.allCases.indices.filter { BadEvent.allCases[$0] != .fallback }
            .reduce(0) { $0 + badEvents[$1].total }
    }

    /// The units that it was assigned to.
    var unitSample: UnitSample {
        var sample = UnitSample()
        for shard in 0..<Self.shards { sample = sample.union(units[shard].withLock { $0 }) }
        return sample
    }
}

/// A number for each bucket. Adding is one relaxed atomic addition.
private final class Buckets: Sendable {
    private let sums = InlineArray<1024, Atomic<UInt64>> { _ in Atomic(0) }

    func add(_ amount: UInt64, _ bucket: Int) { sums[bucket].add(amount, ordering: .relaxed) }

    var total: UInt64 {
        var total: UInt64 = 0
        for bucket in 0..<ArmCounters.bucketCount { total += sums[bucket].load(ordering: .relaxed) }
        return total
    }

    func add(to counters: inout ArmCounters, _ quantity: ArmCounters.Quantity) {
        for bucket in 0..<ArmCounters.bucketCount {
            let sum = sums[bucket].load(ordering: .relaxed)
            if sum > 0 { counters.add(Double(sum), to: quantity, bucket: bucket) }
        }
    }
}
