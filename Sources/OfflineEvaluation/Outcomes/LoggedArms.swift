internal import Experiment
public import ModelRegistry
public import RequestLog

/// Which arm a logged request counts under, by the registry's state that it was answered by. States are read once.
public struct LoggedArms {
    private let registry: Registry
    private var splits: [UInt64: [String: (split: RegisteredSplit, model: RegisteredModel)]] = [:]

    /// By the epochs of this registry.
    public init(_ registry: Registry) { self.registry = registry }

    /// The arm that the unit belongs to, whoever answered. What a server counts outside of experiments is so here: requests
    /// that took no part in one, and units that an allow-list names.
    ///
    /// - Throws: `RegistryError` where the registry has no such epoch.
    public mutating func facts(
        of logged: LoggedRequest, routingKey: String
    ) throws(RegistryError) -> OutcomeImport.ArmFacts {
        func outside(_ arm: String) -> OutcomeImport.ArmFacts {
            OutcomeImport.ArmFacts(
                ArmIdentity(model: logged.model, experiment: "", arm: arm, version: logged.version))
        }
        guard !logged.assignedArm.isEmpty, !logged.experiment.isEmpty else { return outside(logged.arm) }
        guard let (split, model) = try splits(logged.epoch)[logged.model], split.salt == logged.experiment,
            let place = split.arms.firstIndex(where: { $0.name == logged.assignedArm })
        else { return outside(logged.arm) }
        let arm = split.arms[place]
        guard !arm.allow.contains(routingKey) else { return outside(logged.assignedArm) }
        let version = logged.arm == logged.assignedArm ? logged.version : arm.target.version(in: model)
        return OutcomeImport.ArmFacts(
            ArmIdentity(
                model: logged.model, experiment: logged.experiment, arm: arm.name,
                version: version ?? logged.version),
            weight: arm.weight, isControl: split.control == arm.name, place: place)
    }

    private mutating func splits(
        _ epoch: UInt64
    ) throws(RegistryError) -> [String: (split: RegisteredSplit, model: RegisteredModel)] {
        if let known = splits[epoch] { return known }
        let found = try registry.state(epoch: epoch).models.compactMapValues { model in
            model.split.map { (split: $0, model: model) }
        }
        splits[epoch] = found
        return found
    }
}
