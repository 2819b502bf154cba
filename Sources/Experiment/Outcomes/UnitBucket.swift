internal import Crypto

/// Where a unit is counted: its bucket among the sums of an arm, and the hash that tells it from other units.
///
/// Both come from a salt of their own. Were the bucket a function of what assigns units to arms, an arm that owns a tenth of the
/// positions would fill a tenth of the buckets and leave the others empty, and the variance over buckets would be that of the
/// assignment. The salt is one for all experiments and replicas, so that a unit is in the same bucket wherever it is counted.
public struct UnitBucket: Sendable, Hashable {
    private static let salt = Array("dien.bucket".utf8) + [0]

    /// The bucket, in 0..<``ArmCounters/bucketCount``.
    public let bucket: Int
    /// The hash by which ``UnitSample`` knows the unit. Independent of the bucket: a full sample keeps units of all buckets.
    public let hash: UInt64

    /// Where the unit of this routing key is counted.
    public init(unit: String) {
        var hasher = SHA256()
        hasher.update(data: Self.salt)
        hasher.update(data: Array(unit.utf8))
        var bytes = hasher.finalize().makeIterator()
        func number(_ count: Int) -> UInt64 {
            (0..<count).reduce(0) { value, _ in value << 8 | UInt64(bytes.next() ?? 0) }
        }
        hash = number(8)
        bucket = Int(number(8) % UInt64(ArmCounters.bucketCount))
    }
}
