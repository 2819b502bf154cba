import Experiment
import ModelRegistry

extension Trial {
    /// What a state says is tried: the split, or else the shadow. `arm` and `control` are needed where the split leaves a choice.
    init(
        of model: String, in state: RegistryState, asShadow: Bool = false, arm: String? = nil,
        control: String? = nil
    ) throws {
        let entry = try state.model(model)
        if let split = entry.split, !asShadow {
            try self.init(split, of: model, entry, arm: arm, control: control)
            return
        }
        guard let target = entry.shadow?.target, let version = target.version(in: entry),
            let champion = entry.aliases[RegistryState.champion]
        else { throw JudgingError.nothingTried(model: model) }
        self.init(
            model: model, kind: .shadow, candidate: .init(version: version), control: .init(version: champion)
        )
    }

    private init(
        _ split: RegisteredSplit, of model: String, _ entry: RegisteredModel, arm: String?, control: String?
    ) throws {
        guard let name = control ?? split.control else {
            throw JudgingError.unclear(
                model: model,
                reason: "the split has no control slice; say by --control what is compared with")
        }
        let others = split.arms.map(\.name).filter { $0 != name }
        guard let candidate = arm ?? (others.count == 1 ? others[0] : nil) else {
            throw JudgingError.unclear(
                model: model,
                reason: "the split tries \(others.joined(separator: ", ")); say by --arm which is judged")
        }
        guard candidate != name else {
            throw JudgingError.unclear(model: model, reason: "'\(name)' cannot be compared with itself")
        }
        func side(_ name: String) throws -> Side {
            let arm = split.arms.first { $0.name == name }
            guard let arm, let version = arm.target.version(in: entry) else {
                let names = split.arms.map(\.name).joined(separator: ", ")
                throw JudgingError.unclear(model: model, reason: "no arm '\(name)'; there is \(names)")
            }
            return Side(arm: name, version: version, weight: Double(arm.weight))
        }
        self.init(
            model: model, kind: .split, experiment: split.salt, candidate: try side(candidate),
            control: try side(name))
    }
}
