import Synchronization

/// How much a version keeps of what it computed of candidates alone.
public struct CandidateLimits: Sendable {
    /// Bytes of all candidates together; 0: nothing is kept.
    public var bytes: Int
    /// Threads that score.
    public var threads: Int

    /// Limits.
    public init(bytes: Int = 0, threads: Int = 1) {
        self.bytes = bytes
        self.threads = threads
    }
}

/// The parts of the candidates that were scored last, by their rows of the embedding tables: of one version, and dropped
/// with it.
///
/// A part has the bits that would be computed: it is a function of the rows and the version alone. Rows are compared, so
/// that no request can be made to meet the part of another candidate; which of them share a place depends on a secret of
/// the process.
final class CandidateCache: Sendable {
    private let shards: [CandidateShard]
    private let secret: UInt64 = .random(in: .min ... .max)

    /// An empty cache; nil where there is no room for a candidate.
    init?(_ limits: CandidateLimits, _ columns: CandidateColumns) {
        precondition(limits.bytes >= 0 && limits.threads > 0, "no room")
        guard limits.bytes > 0, columns.features > 0 else { return nil }
        let sets = limits.bytes / CandidateShard.setBytes(columns)
        guard sets > 0 else { return nil }
        // Threads seldom meet at one lock, which is held for the copy of a row.
        let count = limits.threads == 1 ? 1 : min(4 * limits.threads, sets)
        shards = (0..<count).map { _ in CandidateShard(sets: sets / count, columns) }
    }

    /// Sums over the shards.
    var counts: ReuseCounts { shards.reduce(ReuseCounts()) { $0 + $1.counts } }

    /// Where the part of a candidate is, or would be.
    struct Place: Sendable {
        fileprivate let shard: Int
        fileprivate let digest: UInt64
    }

    /// The place of an element of `candidates`.
    func place(of candidates: EmbeddingRows, _ element: Int) -> Place {
        // One round of a multiplication whose halves are folded a feature (as wyhash does): every bit of the rows moves all.
        var digest = secret
        for feature in candidates.features {
            let word = digest ^ UInt64(UInt32(truncatingIfNeeded: feature.rows[element]))
            let (high, low) = word.multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
            digest = high ^ low ^ secret
        }
        let index = digest.multipliedFullWidth(by: UInt64(shards.count)).high
        return Place(shard: Int(index), digest: digest)
    }

    /// Copies what is kept of an element of `candidates` into a row; false where nothing is.
    func copy(
        _ candidates: EmbeddingRows, _ element: Int, at place: Place, into parts: inout CandidateParts,
        row: Int
    ) -> Bool {
        shards[place.shard].copy(candidates, element, place.digest, into: &parts, row: row)
    }

    /// Keeps a row of `parts`, which belongs to an element of `candidates`.
    func insert(
        _ candidates: EmbeddingRows, _ element: Int, at place: Place, from parts: borrowing CandidateParts,
        row: Int
    ) {
        shards[place.shard].insert(candidates, element, place.digest, from: parts, row: row)
    }
}
