import Experiment
import ModelRegistry
import Synchronization

/// Why a request that was to be scored by a shadow was not.
enum ShadowDrop: String, Sendable, CaseIterable {
    /// Callers had the threads, or others the processors.
    case load
    /// As many waited already as may.
    case queueFull = "queue_full"
    /// It had waited too long when there was time for it.
    case stale
}

/// What a candidate's scores are beside those of the champion, by the kind of request, in this replica.
final class ShadowPair: Sendable {
    /// What is compared.
    struct Versions: Hashable, Sendable {
        let model: String
        let candidate: UInt64
        let candidateManifest: Digest
        let champion: UInt64
        let championManifest: Digest
    }

    struct Counts: Sendable, Equatable {
        /// Requests that were to be copied, of those that the champion answered.
        var sampled: UInt64 = 0
        /// Those of them that were scored, or failed to be.
        var shadowed: UInt64 = 0
        /// Those for which the candidate gave a score that is not finite.
        var nonFinite: UInt64 = 0
        /// The others, as far as they do not wait.
        var dropped: [ShadowDrop: UInt64] = [:]
    }

    /// One of so many shadowed requests is timed: then the champion scores it again, too.
    static let timedPeriod: UInt64 = 4

    let versions: Versions
    private let answered = Atomic<UInt64>(0)
    private let sampled = Atomic<UInt64>(0)
    private let begun = Atomic<UInt64>(0)
    private let shadowed = Atomic<UInt64>(0)
    private let dropped = InlineArray<3, Atomic<UInt64>> { _ in Atomic(0) }
    private let nonFinite = Atomic<UInt64>(0)
    private let ledger: ShadowLedger

    init(_ versions: Versions, _ ledger: ShadowLedger) {
        self.versions = versions
        self.ledger = ledger
    }

    /// Whether the next request is copied. Multiples of the golden ratio lie evenly in every stretch of requests, whatever the
    /// period in which requests of a kind come (Weyl's sequence).
    func sample(rate: UInt32) -> Bool {
        let turn = answered.add(1, ordering: .relaxed).newValue &* 0x9E37_79B9_7F4A_7C15
        let isSampled = ((turn >> 32) * 10_000) >> 32 < UInt64(rate)
        if isSampled { sampled.add(1, ordering: .relaxed) }
        return isSampled
    }

    func countDrop(_ drop: ShadowDrop) {
        guard let index = ShadowDrop.allCases.firstIndex(of: drop) else { return }
        dropped[index].add(1, ordering: .relaxed)
    }

    /// The number of a request that the candidate is about to score, from 0.
    func begin() -> UInt64 { begun.add(1, ordering: .relaxed).oldValue }

    /// Adds what was found on one request to its segments.
    func add(_ found: ShadowComparison, to segments: [ShadowSegment]) {
        shadowed.add(1, ordering: .relaxed)
        nonFinite.add(UInt64(found.nonFinite), ordering: .relaxed)
        ledger.add(
            found, model: versions.model, version: versions.candidate,
            championVersion: versions.champion, to: segments)
    }

    /// What was found so far, by segment: of these versions by their numbers, which never mean another one.
    var found: [ShadowSegment: ShadowComparison] {
        var found: [ShadowSegment: ShadowComparison] = [:]
        for (key, comparison) in ledger.comparisons(of: versions.model)
        where key.version == versions.candidate && key.championVersion == versions.champion {
            found[key.segment] = comparison
        }
        return found
    }

    var counts: Counts {
        var drops: [ShadowDrop: UInt64] = [:]
        for (index, drop) in ShadowDrop.allCases.enumerated() {
            drops[drop] = dropped[index].load(ordering: .relaxed)
        }
        return Counts(
            sampled: sampled.load(ordering: .relaxed), shadowed: shadowed.load(ordering: .relaxed),
            nonFinite: nonFinite.load(ordering: .relaxed), dropped: drops)
    }
}

/// The pairs that were compared since the server started: those of the last epochs, so that a long life does not fill memory.
final class ShadowResults: Sendable {
    /// Pairs that are kept; the one that began longest ago leaves first.
    static let limit = 32

    /// Where the comparisons are.
    let ledger = ShadowLedger()
    private let pairs = Mutex<[ShadowPair]>([])

    /// The results of a pair, which go on where they were.
    func pair(_ versions: ShadowPair.Versions) -> ShadowPair {
        pairs.withLock { pairs in
            if let known = pairs.first(where: { $0.versions == versions }) { return known }
            let pair = ShadowPair(versions, ledger)
            if pairs.count == Self.limit { pairs.removeFirst() }
            pairs.append(pair)
            return pair
        }
    }

    /// All that are kept, oldest first.
    var all: [ShadowPair] { pairs.withLock { $0 } }
}
