extension RegisteredSplit {
    /// The most arms, and the heaviest: larger weights would not sum exactly.
    static let armLimit = 64
    static let weightLimit: UInt32 = 1_000_000
    /// The most allowed units of an arm: they are for trying out, and every state carries them.
    static let allowLimit = 1_000
    /// The longest salt, unit name and allowed unit, in bytes.
    static let textLimit = 256

    /// What is wrong with the split by itself; nil: nothing. Whether its versions exist is not asked.
    var fault: String? {
        if !Self.isText(salt) { return "the salt is not one line of 1 to \(Self.textLimit) bytes" }
        if !Self.isText(unit) { return "the unit's name is not one line of 1 to \(Self.textLimit) bytes" }
        if !(1...Self.armLimit).contains(arms.count) {
            return "\(arms.count) arms instead of 1 to \(Self.armLimit)"
        }
        if coverage > Self.fullCoverage { return "the coverage \(coverage) is above \(Self.fullCoverage)" }
        return armFault ?? controlFault ?? layerFault
    }

    private var armFault: String? {
        var names: Set<String> = []
        var allowed: Set<String> = []
        for arm in arms {
            if !RegistryName.isValid(arm.name) { return "the arm name '\(arm.name)' is not allowed" }
            if !names.insert(arm.name).inserted { return "two arms are named '\(arm.name)'" }
            if !(1...Self.weightLimit).contains(arm.weight) {
                return "the weight of arm '\(arm.name)' is outside 1 to \(Self.weightLimit)"
            }
            if arm.allow.count > Self.allowLimit {
                return "the arm '\(arm.name)' allows more than \(Self.allowLimit) units"
            }
            if zip(arm.allow, arm.allow.dropFirst()).contains(where: { !Arm.isBefore($0, $1) }) {
                return "the units that arm '\(arm.name)' allows are not ascending"
            }
            for unit in arm.allow {
                if !Self.isText(unit) {
                    return "an allowed unit is not one line of 1 to \(Self.textLimit) bytes"
                }
                if !allowed.insert(unit).inserted { return "the unit '\(unit)' is allowed twice" }
            }
        }
        return nil
    }

    private var controlFault: String? {
        guard let control else { return nil }
        guard let arm = arms.first(where: { $0.name == control }) else {
            return "no arm is named '\(control)', which should be the control slice"
        }
        if arm.target != .alias(RegistryState.champion) {
            return "the control slice '\(control)' does not serve the alias '\(RegistryState.champion)'"
        }
        if arms.contains(where: { $0.weight != arm.weight }) {
            return "the control slice '\(control)' differs in weight from another arm"
        }
        return nil
    }

    private var layerFault: String? {
        guard let layer else { return nil }
        if !RegistryName.isValid(layer.name) { return "the layer name '\(layer.name)' is not allowed" }
        if !(layer.first < layer.end && layer.end <= Layer.segmentCount) {
            return "the segments of layer '\(layer.name)' are empty or outside 0 to \(Layer.segmentCount)"
        }
        return nil
    }

    private static func isText(_ text: String) -> Bool {
        text.utf8.count <= textLimit && CommitNote.isRecordable(text)
    }
}

extension RegisteredSplit.Arm {
    /// Ascending by bytes, so that every program writes the same order.
    static func isBefore(_ left: String, _ right: String) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }
}

extension RegisteredModel {
    /// What is wrong with the split and shadow beside the versions and aliases; nil: nothing.
    var trafficFault: String? {
        if let split {
            if let fault = split.fault { return fault }
            for arm in split.arms where arm.target.version(in: self) == nil {
                return "the arm '\(arm.name)' names \(arm.target), which is missing"
            }
        }
        if let shadow {
            if !(1...RegisteredSplit.fullCoverage).contains(shadow.rate) {
                return "the shadow's rate \(shadow.rate) is outside 1 to \(RegisteredSplit.fullCoverage)"
            }
            if shadow.target.version(in: self) == nil {
                return "the shadow names \(shadow.target), which is missing"
            }
        }
        if zip(retiredSalts, retiredSalts.dropFirst()).contains(where: {
            !RegisteredSplit.Arm.isBefore($0, $1)
        }) {
            return "the retired salts are not ascending"
        }
        return nil
    }

    /// Every version that this state names for some use, besides having it: by an alias, a tag, an arm of the split or the
    /// shadow. They must stay.
    public var namedVersions: Set<UInt64> {
        var used = Set(aliases.values).union(tags.values)
        for arm in split?.arms ?? [] {
            if let version = arm.target.version(in: self) { used.insert(version) }
        }
        if let version = shadow?.target.version(in: self) { used.insert(version) }
        return used
    }
}
