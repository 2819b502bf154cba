import Experiment
import ModelRegistry

/// What each `split` command prints.
struct SplitReport: Encodable {
    let model: String
    let epoch: UInt64
    let committed: Bool
    let split: RegisteredSplit?
    let shares: [String: Double]?
    /// What the experiment needs; told when it starts.
    var samplePlan: SamplePlan?

    /// The split of a model at some epoch; `committed` is whether this command made it.
    init(model: String, state: RegistryState, committed: Bool) {
        self.model = model
        self.committed = committed
        epoch = state.epoch
        split = state.models[model]?.split
        shares = split.map { split in
            Dictionary(uniqueKeysWithValues: split.arms.map { ($0.name, split.share(of: $0)) })
        }
    }

    init(model: String, commit: Commit) {
        self.init(model: model, state: commit.state, committed: commit.isNew)
    }

    /// For people.
    var text: String {
        guard let split else { return "no split of \(model): the champion answers everybody\nepoch \(epoch)" }
        let width = (split.arms.map(\.name.count).max() ?? 0) + 2
        var lines = ["split of \(model): \(split.text)"]
        for arm in split.arms {
            let allowed = arm.allow.isEmpty ? "" : "  and \(arm.allow.count) allowed"
            lines.append(
                "  \(Output.padded(arm.name, width)) \(Output.padded(arm.target.text, 18)) "
                    + Percent.text(split.share(of: arm)) + allowed)
        }
        let rest = 1 - split.arms.reduce(0) { $0 + split.share(of: $1) }
        if rest > 0 {
            lines.append(
                "  \(Output.padded("others", width)) \(Output.padded("champion", 18)) \(Percent.text(rest))")
        }
        return (lines + ["epoch \(epoch)"] + (samplePlan.map { [$0.text] } ?? [])).joined(separator: "\n")
    }
}

extension RegisteredSplit {
    /// All but the arms, on one line.
    var text: String {
        let place = layer.map { ", segments \($0.first):\($0.end) of layer \($0.name)" } ?? ""
        return
            "coverage \(Percent.text(Double(coverage) / Double(Self.fullCoverage)))\(isHeld ? ", held" : "")\(place)"
            + ", salt \(salt), unit \(unit), \(algorithm.rawValue)"
    }
}

extension VersionReference {
    /// For people.
    var text: String {
        switch self {
        case .version(let number): "version \(number)"
        case .alias(let alias): alias
        }
    }

    /// What a person names: an alias is followed wherever it moves, anything else is the version that it names now.
    init(argument: String, of model: String, in state: RegistryState) throws(RegistryError) {
        if try state.model(model).aliases[argument] != nil {
            self = .alias(argument)
        } else {
            self = .version(try state.versionNumber(argument, of: model))
        }
    }
}
