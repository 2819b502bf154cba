extension TrafficSplit {
    /// The heaviest arm: sums of weights then stay exact as a `Double`, and cannot overflow.
    public static let weightLimit = 1_000_000
    /// The most arms of a split.
    public static let armLimit = 64

    /// Throws the first mistake in what a split is made of.
    static func check(salt: String, arms: [Arm], coverage: Int, layer: LayerSlice?) throws(TrafficSplitError)
    {
        guard !salt.isEmpty, !salt.utf8.contains(0) else { throw .unusableSalt(salt) }
        guard (1...armLimit).contains(arms.count) else { throw .armCount(arms.count) }
        guard (0...10_000).contains(coverage) else { throw .coverageOutside(coverage) }
        var names: Set<String> = []
        for arm in arms {
            guard names.insert(arm.name).inserted else { throw .duplicateArm(arm.name) }
            guard (1...weightLimit).contains(arm.weight) else {
                throw .weightOutside(arm: arm.name, weight: arm.weight)
            }
        }
        if let layer {
            guard !layer.segments.isEmpty, layer.segments.lowerBound >= 0,
                layer.segments.upperBound <= LayerSlice.segmentCount
            else { throw .segmentsOutside(layer: layer.layer) }
        }
    }

    /// The index of the control slice, which must be as large as each of the other arms.
    static func control(_ name: String?, of arms: [Arm]) throws(TrafficSplitError) -> Int? {
        guard let name else { return nil }
        guard let control = arms.firstIndex(where: { $0.name == name }) else { throw .unknownControl(name) }
        guard arms.allSatisfy({ $0.weight == arms[control].weight }) else { throw .unequalControl(name) }
        return control
    }
}
