import DIEN

/// How much a version keeps of the users it has seen last.
struct UserStateLimits: Sendable {
    /// Bytes of a version's states; 0: none are kept.
    var bytes = 256 << 20
    /// Threads that score.
    var threads = 1

    /// An empty cache, with a shard for each thread so that they seldom meet at one lock.
    func cache() -> UserStateCache? {
        bytes > 0 ? UserStateCache(byteLimit: bytes, shards: threads) : nil
    }
}
