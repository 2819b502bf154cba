import Synchronization

/// One lock's part of a cache: sets of a few slots, of which a candidate has one set. In a full set the first slot that was
/// not used since all had been is given to another candidate, once that is asked for a second time: the many that are asked
/// for once cost no copy, and displace none that are popular.
final class CandidateShard: Sendable {
    /// Slots of a set: their keys stand in a line of the processor's cache or two.
    private static let ways = 8

    /// The rows of a set, whose memory is taken once the first of its slots is filled.
    private final class Rows {
        var parts: CandidateParts

        init(_ columns: CandidateColumns) { parts = CandidateParts(rows: CandidateShard.ways, columns) }
    }

    private struct Contents {
        /// The rows of each slot's candidate, a feature each; -1: none yet.
        var keys: [Int32]
        var isUsed: [Bool]
        /// What was asked for last and had no room, by a part of its digest: one a slot.
        var asked: [UInt32]
        /// One a set.
        var rows: [Rows?]
        var counts = ReuseCounts()
    }

    private let columns: CandidateColumns
    private let sets: Int
    private let rowBytes: Int
    private let contents: Mutex<Contents>

    /// - Parameter sets: at least one.
    init(sets: Int, _ columns: CandidateColumns) {
        self.columns = columns
        self.sets = sets
        rowBytes = Rows(columns).parts.bytes
        contents = Mutex(
            Contents(
                keys: [Int32](repeating: -1, count: sets * Self.ways * columns.features),
                isUsed: [Bool](repeating: false, count: sets * Self.ways),
                asked: [UInt32](repeating: 0, count: sets * Self.ways),
                rows: [Rows?](repeating: nil, count: sets),
                counts: ReuseCounts(bytes: UInt64(sets * Self.keyBytes(columns)))))
    }

    /// Bytes of a set that is full.
    static func setBytes(_ columns: CandidateColumns) -> Int { Rows(columns).parts.bytes + keyBytes(columns) }

    private static func keyBytes(_ columns: CandidateColumns) -> Int {
        ways * (columns.features * MemoryLayout<Int32>.size + 1 + MemoryLayout<UInt32>.size)
            + MemoryLayout<Rows?>.size
    }

    var counts: ReuseCounts { contents.withLock { $0.counts } }

    func copy(
        _ candidates: EmbeddingRows, _ element: Int, _ digest: UInt64, into parts: inout CandidateParts,
        row: Int
    ) -> Bool {
        contents.withLock { contents in
            guard let slot = slot(of: candidates, element, digest, contents.keys),
                let rows = contents.rows[slot / Self.ways]
            else {
                contents.counts.misses += 1
                return false
            }
            parts.copyRow(slot % Self.ways, of: rows.parts, toRow: row)
            contents.isUsed[slot] = true
            contents.counts.hits += 1
            return true
        }
    }

    func insert(
        _ candidates: EmbeddingRows, _ element: Int, _ digest: UInt64, from parts: borrowing CandidateParts,
        row: Int
    ) {
        contents.withLock { contents in
            // A candidate may be there twice, or another thread was here.
            guard slot(of: candidates, element, digest, contents.keys) == nil,
                let slot = vacate(digest, &contents)
            else { return }
            for (feature, column) in candidates.features.enumerated() {
                contents.keys[slot * columns.features + feature] = Int32(
                    truncatingIfNeeded: column.rows[element])
            }
            let set = slot / Self.ways
            if contents.rows[set] == nil {
                contents.rows[set] = Rows(columns)
                contents.counts.bytes += UInt64(rowBytes)
            }
            contents.rows[set]?.parts.copyRow(row, of: parts, toRow: slot % Self.ways)
            contents.counts.held += 1
        }
    }

    /// The slots of a candidate's set.
    private func set(_ digest: UInt64) -> Range<Int> {
        // The shard was chosen by the upper bits.
        let first = Int(digest & 0xFFFF_FFFF) % sets * Self.ways
        return first..<first + Self.ways
    }

    private func slot(
        of candidates: EmbeddingRows, _ element: Int, _ digest: UInt64, _ keys: [Int32]
    ) -> Int? {
        set(digest).first { slot in
            for (feature, column) in candidates.features.enumerated()
            where keys[slot * columns.features + feature] != Int32(truncatingIfNeeded: column.rows[element]) {
                return false
            }
            return true
        }
    }

    /// A slot of the set without a candidate: an empty one, or that of a candidate that leaves. Nil where the set is full,
    /// and the candidate was not asked for before.
    private func vacate(_ digest: UInt64, _ contents: inout Contents) -> Int? {
        let set = set(digest)
        if let empty = set.first(where: { contents.keys[$0 * columns.features] < 0 }) { return empty }
        let (place, mark) = (Int(digest & 0xFFFF_FFFF) % contents.asked.count, UInt32(digest >> 32))
        guard contents.asked[place] == mark else {
            contents.asked[place] = mark
            return nil
        }
        contents.counts.evictions += 1
        contents.counts.held -= 1
        if let slot = set.first(where: { !contents.isUsed[$0] }) { return slot }
        for slot in set { contents.isUsed[slot] = false }
        return set.lowerBound
    }
}
