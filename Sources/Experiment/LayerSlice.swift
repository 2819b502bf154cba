/// A place in a layer. A layer divides units into 10,000 segments; experiments that own different segments of one layer
/// share no unit, while experiments in different layers, or in none, are independent of each other.
public struct LayerSlice: Sendable, Equatable {
    /// How many segments each layer has.
    public static let segmentCount = 10_000

    /// The layer's name, which is its salt.
    public let layer: String
    /// The segments that belong to the experiment.
    public let segments: Range<Int>

    private let hash: UnitHash

    /// Some of a layer's segments; they are checked when a `TrafficSplit` is made.
    public init(layer: String, segments: Range<Int>) {
        self.layer = layer
        self.segments = segments
        hash = UnitHash(.sha256, salt: "layer\0" + layer)
    }

    /// The unit's segment of the layer. It is SHA-256's position under the salt `layer`, a zero byte and the layer's name,
    /// whatever algorithm the experiments in the layer use: they must agree on it. An experiment's salt holds no zero
    /// byte, so its own positions are independent of the segment.
    public func segment(of unit: String) -> Int {
        Int(hash.position(of: unit) * Double(Self.segmentCount))
    }

    /// Whether the unit is in one of the experiment's segments.
    public func contains(_ unit: String) -> Bool {
        segments.contains(segment(of: unit))
    }

    /// Slices are equal by their layer and segments.
    public static func == (left: LayerSlice, right: LayerSlice) -> Bool {
        left.layer == right.layer && left.segments == right.segments
    }
}
