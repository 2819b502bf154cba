/// An experiment on a model's traffic, as a state records it: plain values, which a server turns into decisions.
///
/// Which unit gets which arm follows from `salt`, `algorithm`, the order and weights of `arms`, and `layer`. These never
/// change while a split runs; `coverage` and `isHeld` do.
public struct RegisteredSplit: Sendable, Equatable {
    /// The algorithms by which units may be assigned; registry/README.md defines each.
    public enum Algorithm: String, Sendable, CaseIterable, Codable {
        case sha256 = "sha256"
        case growthBookV2 = "growthbook-v2"
        case growthBookV1 = "growthbook-v1"
        case planOut = "planout"
        case optimizely = "optimizely"
        case statsig = "statsig"
    }

    /// One of the versions compared.
    public struct Arm: Sendable, Equatable {
        /// The name that replies carry.
        public var name: String
        /// What answers.
        public var target: VersionReference
        /// Its part of the enrolled units, relative to the other arms' weights.
        public var weight: UInt32
        /// Units that get this arm whatever their hash says: ascending by their bytes, none twice.
        public var allow: [String]

        /// An arm; the allowed units are put in order.
        public init(name: String, target: VersionReference, weight: UInt32 = 1, allow: [String] = []) {
            self.name = name
            self.target = target
            self.weight = weight
            self.allow = Set(allow).sorted(by: Self.isBefore)
        }
    }

    /// The segments of a layer that the split is limited to.
    public struct Layer: Sendable, Equatable {
        /// How many segments every layer has.
        public static let segmentCount: UInt32 = 10_000

        /// The layer's name, which is its salt.
        public var name: String
        /// The first segment of the split.
        public var first: UInt32
        /// The segment after its last.
        public var end: UInt32

        /// Some segments of a layer.
        public init(name: String, first: UInt32, end: UInt32) {
            self.name = name
            self.first = first
            self.end = end
        }
    }

    /// The coverage that enrols every unit: basis points, 1/10,000.
    public static let fullCoverage: UInt32 = 10_000

    /// What tells this experiment's assignment from others'.
    public var salt: String
    /// What a unit is, for people, such as `user_id`.
    public var unit: String
    /// How units are assigned.
    public var algorithm: Algorithm
    /// The arms, in the order of their ranges.
    public var arms: [Arm]
    /// How much of each arm's weight is enrolled, in basis points.
    public var coverage: UInt32
    /// The arm that serves the champion as a control slice; nil: none.
    public var control: String?
    /// The part of a layer it is limited to; nil: all units.
    public var layer: Layer?
    /// Whether the coverage may not be raised for now.
    public var isHeld: Bool

    /// A split; it is checked when it is started.
    public init(
        salt: String, unit: String, algorithm: Algorithm = .sha256, arms: [Arm], coverage: UInt32,
        control: String? = nil, layer: Layer? = nil, isHeld: Bool = false
    ) {
        self.salt = salt
        self.unit = unit
        self.algorithm = algorithm
        self.arms = arms
        self.coverage = coverage
        self.control = control
        self.layer = layer
        self.isHeld = isHeld
    }

    /// The part of all units in the layer's segments that an arm gets, in 0...1.
    public func share(of arm: Arm) -> Double {
        let total = arms.reduce(0) { $0 + Double($1.weight) }
        return Double(coverage) / Double(Self.fullCoverage) * Double(arm.weight) / total
    }
}

/// A version that scores copies of some requests beside the one that answers.
public struct RegisteredShadow: Sendable, Equatable {
    /// What scores the copies.
    public var target: VersionReference
    /// The part of requests that is copied, in basis points: 1 to 10,000.
    public var rate: UInt32

    /// A shadow.
    public init(target: VersionReference, rate: UInt32) {
        self.target = target
        self.rate = rate
    }
}
