/// What one arm did, in one server or in several.
public struct ArmTally: Sendable, Equatable {
    /// Outcomes whose attribution window is open, over all units. Not to be judged by: clicks are on their way.
    public struct Open: Sendable, Equatable {
        /// Sums by quantity, those of outcomes alone; what is 0 may be missing.
        public var sums: [ArmCounters.Quantity: Double]

        /// Sums by quantity.
        public init(_ sums: [ArmCounters.Quantity: Double] = [:]) { self.sums = sums }

        /// The sum of a quantity.
        public subscript(quantity: ArmCounters.Quantity) -> Double { sums[quantity] ?? 0 }
    }

    /// Its name.
    public let name: String
    /// The version that it stands for.
    public let version: UInt64
    /// Digest of the version's manifest.
    public let digest: String
    /// Its part of the enrolled units, relative to the other arms' weights; 0 outside experiments.
    public var weight: UInt32
    /// Whether it is the control slice of the champion.
    public var isControl: Bool
    /// Its sums, of closed windows alone.
    public var counters: ArmCounters
    /// The units that it was assigned to.
    public var units: UnitSample
    /// What is not part of the sums yet.
    public var open: Open
    /// What the guards have done, one for each server.
    public var guards: [ArmGuard]

    /// An arm that did this.
    public init(
        name: String, version: UInt64, digest: String, weight: UInt32, isControl: Bool, counters: ArmCounters,
        units: UnitSample, open: Open = Open(), guards: [ArmGuard] = []
    ) {
        self.name = name
        self.version = version
        self.digest = digest
        self.weight = weight
        self.isControl = isControl
        self.counters = counters
        self.units = units
        self.open = open
        self.guards = guards
    }

    /// The side of a comparison that it is.
    public var judged: Judge.Arm { Judge.Arm(counters: counters, units: units, weight: Double(weight)) }

    /// What both did. Precondition: the same arm and version.
    static func + (left: ArmTally, right: ArmTally) -> ArmTally {
        precondition(left.name == right.name && left.version == right.version, "the same arm")
        return ArmTally(
            name: left.name, version: left.version, digest: left.digest, weight: left.weight,
            isControl: left.isControl, counters: left.counters + right.counters,
            units: left.units.union(right.units),
            open: Open(left.open.sums.merging(right.open.sums, uniquingKeysWith: +)),
            guards: left.guards + right.guards)
    }
}
