internal import Crypto

/// An algorithm with its salt: maps units to positions in [0, 1).
public struct UnitHash: Sendable {
    /// The algorithm.
    public let algorithm: AssignmentAlgorithm
    /// What tells one experiment's positions from another's.
    public let salt: String

    /// What is hashed before and after the unit's bytes.
    private let prefix: [UInt8]
    private let suffix: [UInt8]

    /// A hash of units under this salt.
    public init(_ algorithm: AssignmentAlgorithm, salt: String) {
        self.algorithm = algorithm
        self.salt = salt
        switch algorithm {
        case .sha256: (prefix, suffix) = (Array(salt.utf8) + [0], [])
        case .statsig, .planOut: (prefix, suffix) = (Array(salt.utf8) + [UInt8(ascii: ".")], [])
        case .growthBookV2: (prefix, suffix) = (Array(salt.utf8), [])
        case .growthBookV1, .optimizely: (prefix, suffix) = ([], Array(salt.utf8))
        }
    }

    /// Where the unit stands in [0, 1): a multiple of the algorithm's resolution, uniform over units.
    public func position(of unit: String) -> Double {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(prefix.count + unit.utf8.count + suffix.count)
        bytes.append(contentsOf: prefix)
        bytes.append(contentsOf: unit.utf8)
        bytes.append(contentsOf: suffix)
        switch algorithm {
        case .sha256: return Double(SHA256.hash(data: bytes).leadingUInt64 >> 11) * 0x1p-53
        case .statsig: return Double(SHA256.hash(data: bytes).leadingUInt64 % 10_000) / 10_000
        case .planOut: return PlanOutHash(bytes).position
        case .growthBookV2: return Double(FNV1a.hash32(FNV1a.decimal(FNV1a.hash32(bytes))) % 10_000) / 10_000
        case .growthBookV1: return Double(FNV1a.hash32(bytes) % 1_000) / 1_000
        case .optimizely: return Double((UInt64(Murmur3.hash32(bytes, seed: 1)) * 10_000) >> 32) / 10_000
        }
    }
}

extension Crypto.Digest {
    /// The first eight bytes, big-endian.
    var leadingUInt64: UInt64 {
        var value: UInt64 = 0
        var bytes = makeIterator()
        for _ in 0..<8 { value = value << 8 | UInt64(bytes.next() ?? 0) }
        return value
    }
}
