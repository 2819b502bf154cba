internal import Tensors

extension Dataset {
    /// Training events that ``negative(_:)`` names.
    public var negativeCount: Int { negatives.first?.count ?? 0 }

    /// The rows of training event `index`, one a feature of a behaviour, which are those of a target too: drawn uniformly it is
    /// an item by its popularity.
    public func negative(_ index: Int) -> [Int32] { negatives.map { $0[index] } }
}
