/// An experiment on one model's traffic: a pure function from units to arms.
public struct TrafficSplit: Sendable {
    /// One of the versions compared.
    public struct Arm: Sendable, Equatable {
        /// The name that replies and counters carry.
        public let name: String
        /// Its part of the enrolled units, relative to the other arms' weights.
        public let weight: Int
        /// Units that get this arm whatever their position, for trying it out.
        public let allowList: Set<String>

        /// An arm.
        public init(name: String, weight: Int, allowList: Set<String> = []) {
            self.name = name
            self.weight = weight
            self.allowList = allowList
        }
    }

    /// The arms, in the order of their ranges.
    public let arms: [Arm]
    /// The positions that each arm owns.
    public let ranges: [BucketRange]
    /// How much of each arm's weight is enrolled, in basis points (1/10,000).
    public let coverage: Int
    /// The arm that serves the champion to as many units as each candidate gets, so that equals are compared; nil: none.
    public let control: Int?
    /// The part of a layer that the experiment is limited to; nil: all units.
    public let layer: LayerSlice?
    /// The algorithm and salt.
    public let hash: UnitHash

    private let overrides: [String: Int]

    /// A split, or the mistake in it.
    ///
    /// Between two splits that differ in coverage only, no unit moves from one arm to another. Changing weights, or the
    /// order of arms, needs a new salt.
    public init(
        salt: String, algorithm: AssignmentAlgorithm = .sha256, arms: [Arm], coverage: Int,
        control: String? = nil, layer: LayerSlice? = nil
    ) throws(TrafficSplitError) {
        try Self.check(salt: salt, arms: arms, coverage: coverage, layer: layer)
        self.arms = arms
        self.coverage = coverage
        self.layer = layer
        self.control = try Self.control(control, of: arms)
        let total = arms.reduce(0) { $0 + $1.weight }
        ranges = BucketRange.ranges(
            arms.count, coverage: Double(coverage) / 10_000,
            weights: arms.map { Double($0.weight) / Double(total) })
        hash = UnitHash(algorithm, salt: salt)
        var overrides: [String: Int] = [:]
        for (index, arm) in arms.enumerated() {
            for unit in arm.allowList where overrides.updateValue(index, forKey: unit) != nil {
                throw .allowedTwice(unit: unit)
            }
        }
        self.overrides = overrides
    }

    /// The arm of a unit, and why. The same unit always gets the same answer.
    public func assignment(of unit: String?) -> Assignment {
        guard let unit, !unit.isEmpty else { return Assignment(arm: nil, reason: .unassigned) }
        if !overrides.isEmpty, let arm = overrides[unit] { return Assignment(arm: arm, reason: .override) }
        if let layer, !layer.contains(unit) { return Assignment(arm: nil, reason: .notEnrolled) }
        let position = hash.position(of: unit)
        guard let arm = ranges.firstIndex(where: { $0.contains(position) }) else {
            return Assignment(arm: nil, reason: .notEnrolled)
        }
        return Assignment(arm: arm, reason: .enrolled)
    }
}
