import Synchronization

/// The states of the users who were seen last, by their history: of one version, and dropped with it.
///
/// A history is looked for whole, and then without its last behaviours, fewest first: most that are not there have grown
/// by a few at their end, and their state goes on from the one that is. No key of the user is needed, so users without a
/// profile have states too. The digests are keyed with a secret of the process, and the rows themselves are compared, so
/// that no request can be made to meet the state of another history.
///
/// The cache is cut into shards with a lock each; all beginnings of a history are in the shard of its first behaviour.
public final class UserStateCache: Sendable {
    /// How many behaviours at the end of a history may be new for it to be found.
    static let longestExtension = 16

    private let shards: [UserStateShard]
    private let key: (UInt64, UInt64)

    /// An empty cache.
    /// - Parameters:
    ///   - byteLimit: bytes of all states together, evenly among the shards.
    ///   - shards: locks; as many as there are threads that score.
    public init(byteLimit: Int, shards: Int) {
        precondition(byteLimit >= 0 && shards > 0, "no room")
        self.shards = (0..<shards).map { _ in UserStateShard(byteLimit: byteLimit / shards) }
        key = (.random(in: .min ... .max), .random(in: .min ... .max))
    }

    /// Sums over the shards.
    public var counts: ReuseCounts { shards.reduce(ReuseCounts()) { $0 + $1.counts } }

    /// Where the state of a history is to be found, or of its beginnings.
    struct Place: Sendable {
        /// Rows, step after step.
        let history: [Int32]
        let steps: Int
        /// Of the whole history, and then of its beginnings, the longest first.
        let digests: [HistoryDigest]
        fileprivate let shard: UserStateShard
    }

    /// The place of a history; nil for an empty one, whose state is not worth keeping.
    func place(of history: EmbeddingRows) -> Place? {
        guard history.count > 0 else { return nil }
        let rows = history.stepwise
        let width = rows.count / history.count
        var hasher = HistoryHasher(key: key)
        var digests: [HistoryDigest] = []
        var first: UInt64 = 0
        for step in 0..<history.count {
            // Two rows a word; a step has as many in every history of a version.
            for feature in stride(from: 0, to: width, by: 2) {
                let row = UInt64(UInt32(bitPattern: rows[step * width + feature]))
                let next = feature + 1 < width ? UInt32(bitPattern: rows[step * width + feature + 1]) : 0
                hasher.append(UInt64(next) << 32 | row)
            }
            if step == 0 { first = hasher.digest.low }
            if step + 1 + Self.longestExtension >= history.count { digests.append(hasher.digest) }
        }
        return Place(
            history: rows, steps: history.count, digests: digests.reversed(),
            shard: shards[Int(first % UInt64(shards.count))])
    }

    /// The state there, or of the longest beginning that is there.
    func find(_ place: Place) -> UserState? { place.shard.find(place) }

    /// Keeps a state, in the place of the one that it went on from.
    func insert(_ state: UserState, at place: Place, extending known: UserState?) {
        let before = known.map { place.digests[place.steps - $0.steps] }
        place.shard.insert(state, of: place.history, place.digests[0], replacing: before)
    }
}
