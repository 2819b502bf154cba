/// Which units an arm has seen, of those whose hash falls in a sample that shrinks as it fills (adaptive sampling, Wegman;
/// Flajolet, Computing 43, 1990): bounded memory, mergeable over replicas without counting a unit twice, and of the units in
/// the sample exact, so that tests of counts hold.
public struct UnitSample: Sendable, Equatable {
    /// The capacity that servers count with: 3 % of error in an estimate of units is 1,000 of them.
    public static let standardCapacity = 16_384

    /// Units that the sample holds at most.
    public let capacity: Int
    /// A unit is in the sample when the lowest `level` bits of its hash are 0.
    public private(set) var level: Int
    /// The hashes of the units seen.
    public private(set) var hashes: Set<UInt64>

    /// A sample of units none of which was seen. Precondition: the capacity is positive.
    public init(capacity: Int = UnitSample.standardCapacity) {
        precondition(capacity > 0, "room for a unit")
        self.capacity = capacity
        level = 0
        hashes = []
    }

    /// A sample with these hashes, as another server tells it. Nil where it cannot be one: there are more than it has room for,
    /// or some that its level leaves out.
    public init?(capacity: Int, level: Int, hashes: [UInt64]) {
        guard capacity > 0, (0...64).contains(level), hashes.count <= capacity,
            hashes.allSatisfy({ Self.isSampled($0, level) })
        else { return nil }
        self.capacity = capacity
        self.level = level
        self.hashes = Set(hashes)
    }

    /// Counts a unit by a 64-bit hash of its key; a unit seen before changes nothing.
    public mutating func see(_ hash: UInt64) {
        guard isSampled(hash) else { return }
        hashes.insert(hash)
        while hashes.count > capacity, level < 64 { sample(level + 1) }
    }

    /// The units that either saw.
    public func union(_ other: UnitSample) -> UnitSample {
        var merged = self
        merged.sample(max(level, other.level))
        for hash in other.hashes { merged.see(hash) }
        return merged
    }

    /// Units of this sample that are in a sample of this level too: counts of two arms are compared at one level.
    public func count(atLevel level: Int) -> Int {
        level <= self.level ? hashes.count : hashes.count { Self.isSampled($0, level) }
    }

    /// An estimate of all units seen.
    public var estimatedUnits: Double {
        Double(hashes.count) * Double(sign: .plus, exponent: level, significand: 1)
    }

    private mutating func sample(_ level: Int) {
        self.level = level
        hashes = hashes.filter { Self.isSampled($0, level) }
    }

    private func isSampled(_ hash: UInt64) -> Bool { Self.isSampled(hash, level) }

    private static func isSampled(_ hash: UInt64, _ level: Int) -> Bool {
        level >= 64 ? hash == 0 : hash & (1 << UInt64(level) - 1) == 0
    }
}
