import Synchronization

/// One lock's part of a cache. What is not used goes by the clock algorithm: a state that was used since the hand passed
/// gets another round.
final class UserStateShard: Sendable {
    private struct Entry {
        let digest: HistoryDigest
        /// The rows that the state was computed from, step after step, a step's features side by side.
        let history: [Int32]
        let state: UserState
        var isUsed = false

        var bytes: Int {
            state.bytes + history.count * MemoryLayout<Int32>.size + UserStateShard.entryBytes
        }
    }

    private struct Contents {
        var positions: [HistoryDigest: Int] = [:]
        var entries: [Entry] = []
        var hand = 0
        var bytes = 0
        var counts = ReuseCounts()

        /// Takes an entry out; the last one moves into its position.
        mutating func remove(at position: Int) -> Entry {
            let entry = entries[position]
            positions[entry.digest] = nil
            let last = entries.removeLast()
            if position < entries.count {
                entries[position] = last
                positions[last.digest] = position
            }
            bytes -= entry.bytes
            return entry
        }

        /// Takes the next entry out that was not used since the hand passed it. Precondition: there is one.
        mutating func evict() -> Entry {
            while true {
                if hand >= entries.count { hand = 0 }
                guard entries[hand].isUsed else { break }
                entries[hand].isUsed = false
                hand += 1
            }
            counts.evictions += 1
            return remove(at: hand)
        }
    }

    /// What an entry takes beside its state and its rows.
    private static let entryBytes = 128

    private let byteLimit: Int
    private let contents = Mutex(Contents())

    init(byteLimit: Int) { self.byteLimit = byteLimit }

    var counts: ReuseCounts {
        contents.withLock { contents in
            var counts = contents.counts
            counts.held = UInt64(contents.entries.count)
            counts.bytes = UInt64(contents.bytes)
            return counts
        }
    }

    func find(_ place: UserStateCache.Place) -> UserState? {
        contents.withLock { contents in
            for (dropped, digest) in place.digests.enumerated() {
                guard let position = contents.positions[digest] else { continue }
                let entry = contents.entries[position]
                guard entry.state.steps == place.steps - dropped, place.history.starts(with: entry.history)
                else { continue }
                contents.entries[position].isUsed = true
                if dropped == 0 { contents.counts.hits += 1 } else { contents.counts.extensions += 1 }
                return entry.state
            }
            contents.counts.misses += 1
            return nil
        }
    }

    func insert(
        _ state: UserState, of history: [Int32], _ digest: HistoryDigest, replacing before: HistoryDigest?
    ) {
        let entry = Entry(digest: digest, history: history, state: state)
        // What leaves is let go of behind the lock.
        var leaving: [Entry] = []
        contents.withLock { contents in
            for old in [before, digest].compactMap({ $0 }) {
                guard let position = contents.positions[old] else { continue }
                leaving.append(contents.remove(at: position))
            }
            guard entry.bytes <= byteLimit else { return }
            while contents.bytes + entry.bytes > byteLimit {
                leaving.append(contents.evict())
            }
            contents.positions[digest] = contents.entries.count
            contents.entries.append(entry)
            contents.bytes += entry.bytes
        }
    }
}
