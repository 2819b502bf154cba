import Experiment
import ModelRegistry

/// What a serving table says of an arm that is counted.
struct ArmFacts: Sendable, Equatable {
    /// Digest of the version's manifest.
    let digest: String
    /// Its part of the enrolled units; 0 outside experiments.
    var weight: UInt32 = 0
    /// Whether it is the control slice.
    var isControl = false
    /// Its place in the split.
    var place = 0
}

extension ServingTable {
    /// The arms that requests without a pinned version are counted under: those of experiments, and every alias.
    var countedArms: [ArmIdentity] {
        models.flatMap { name, model in
            let aliases = model.aliases.compactMap { alias, target in
                target.servable.map {
                    ArmIdentity(model: name, experiment: "", arm: alias, version: $0.version)
                }
            }
            return aliases
                + (model.split.map { split in split.arms.map { split.identity(of: $0, in: name) } } ?? [])
        }
    }

    /// What this table says of an arm; nil where it does not have it any more.
    func facts(of identity: ArmIdentity) -> ArmFacts? {
        guard let model = models[identity.model] else { return nil }
        let digest = model.versions[identity.version]?.manifest.description ?? ""
        if let split = model.split,
            let place = split.arms.firstIndex(where: {
                $0.name == identity.arm && $0.countedVersion == identity.version
            })
        {
            if identity.experiment == split.experiment {
                return ArmFacts(
                    digest: digest, weight: split.arms[place].weight, isControl: split.split.control == place,
                    place: place)
            }
            // Units that an allow-list names are counted outside the experiment.
            if identity.experiment.isEmpty { return ArmFacts(digest: digest) }
        }
        guard identity.experiment.isEmpty else { return nil }
        let isAlias = model.aliases[identity.arm]?.servable?.version == identity.version
        let isPinned =
            identity.arm == Route.pinnedArm(identity.version)
            && model.versions[identity.version]?.servable != nil
        return isAlias || isPinned ? ArmFacts(digest: digest) : nil
    }
}

extension ServedSplit.Arm {
    /// The version that the arm's counters are of: the one that answers, or that could not be loaded.
    var countedVersion: UInt64 { servable?.version ?? assigned }
}

extension ServedSplit {
    /// Whose counters an arm's requests belong to.
    func identity(of arm: Arm, in model: String) -> ArmIdentity {
        ArmIdentity(model: model, experiment: experiment, arm: arm.name, version: arm.countedVersion)
    }
}
