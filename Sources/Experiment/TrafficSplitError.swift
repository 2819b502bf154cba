/// A mistake in what a traffic split is made of.
public enum TrafficSplitError: Error, Sendable, Equatable, CustomStringConvertible {
    /// An empty salt, or one with a zero byte.
    case unusableSalt(String)
    /// No arm, or too many.
    case armCount(Int)
    /// Two arms of one name.
    case duplicateArm(String)
    /// A weight outside 1...1,000,000.
    case weightOutside(arm: String, weight: Int)
    /// A coverage outside 0...10,000 basis points.
    case coverageOutside(Int)
    /// No arm of the control slice's name.
    case unknownControl(String)
    /// The control slice is not as large as each other arm.
    case unequalControl(String)
    /// No segment, or segments outside 0..<10,000.
    case segmentsOutside(layer: String)
    /// Two arms allow the same unit.
    case allowedTwice(unit: String)

    /// One line: the thing and the mend.
    public var description: String {
        switch self {
        case .unusableSalt: "the salt is empty or has a zero byte; use printable text"
        case .armCount(let count): "\(count) arms; use 1 to \(TrafficSplit.armLimit)"
        case .duplicateArm(let name): "two arms are named '\(name)'; name each once"
        case .weightOutside(let arm, let weight):
            "the weight \(weight) of arm '\(arm)' is outside 1 to \(TrafficSplit.weightLimit)"
        case .coverageOutside(let coverage): "the coverage \(coverage) is outside 0 to 10000 basis points"
        case .unknownControl(let name): "no arm is named '\(name)', which should be the control slice"
        case .unequalControl(let name):
            "the control slice '\(name)' differs in weight from another arm; give all arms the same weight"
        case .segmentsOutside(let layer):
            "the segments of layer '\(layer)' are empty or outside 0 to \(LayerSlice.segmentCount)"
        case .allowedTwice(let unit): "two arms allow the unit '\(unit)'; keep it in one"
        }
    }
}
