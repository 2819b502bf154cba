import DIEN
import Experiment
import ModelRegistry

/// The versions, aliases and experiment of one model in a serving table.
struct ServedModel: Sendable {
    /// Where an alias points, and what answers for it: an older version while the one it points at is refused.
    struct AliasTarget: Sendable {
        /// The version that the registry's state names.
        let assigned: UInt64
        /// The version that answers; nil if no version that this alias ever named could be loaded here.
        let servable: Servable?
        /// The version that answered before, kept mapped so that a rollback is one store.
        let previous: Servable?
    }

    /// The aliases by name.
    let aliases: [String: AliasTarget]
    /// Every version that the registry lists, by number.
    let versions: [UInt64: ServableStatus]
    /// The experiment on the requests that name neither version nor alias.
    let split: ServedSplit?
    /// What scores copies of the champion's requests; nil: nothing.
    var shadow: ServedShadow?

    func pinned(_ version: UInt64, of model: String) throws(RoutingError) -> Servable {
        guard let status = versions[version] else {
            throw .unknownVersion(model: model, version: version, known: versions.keys.sorted())
        }
        switch status.state {
        case .ready(let servable): return servable
        case .refused(let reason), .quarantined(let reason):
            throw .refused(model: model, version: version, reason: reason)
        case .notLoaded, .loading: throw .notLoaded(model: model, version: version)
        }
    }

    func following(_ alias: String, of model: String) throws(RoutingError) -> Servable {
        guard let target = aliases[alias] else {
            throw .unknownAlias(model: model, alias: alias, known: aliases.keys.sorted())
        }
        if let servable = target.servable { return servable }
        return try pinned(target.assigned, of: model)
    }

    /// The experiment's arm for a unit, or the champion. The assignment stands even where the champion has to answer
    /// for the arm: an analysis that dropped such requests would compare unequal halves.
    func assigned(_ unit: String, of model: String) throws(RoutingError) -> Route {
        guard let split else { return try champion(of: model) }
        let assignment = split.assign(unit)
        guard let index = assignment.arm else {
            return try champion(of: model, experiment: split.experiment)
        }
        let arm = split.arms[index]
        let isOverridden = assignment.reason == .override
        // Units that an allow-list names chose their arm: they belong into no statistics.
        let counted =
            isOverridden
            ? ArmIdentity(model: model, experiment: "", arm: arm.name, version: arm.countedVersion)
            : split.identity(of: arm, in: model)
        let champion = aliases[RegistryState.champion]?.servable
        switch split.answer(index, champion: champion, isOverridden: isOverridden) {
        case .success((let servable, let trial)):
            return Route(
                servable: servable, arm: arm.name, assignedArm: arm.name, experiment: split.experiment,
                counted: counted, trial: trial, shadow: trial.champion == nil ? shadow : nil)
        case .failure(let reason):
            split.countFallback(index, reason)
            return Route(
                servable: try following(RegistryState.champion, of: model), arm: RegistryState.champion,
                assignedArm: arm.name, experiment: split.experiment, counted: counted, isFallback: true)
        }
    }

    private func champion(of model: String, experiment: String = "") throws(RoutingError) -> Route {
        let champion = RegistryState.champion
        var route = Route(
            try following(champion, of: model), arm: champion, experiment: experiment)
        route.shadow = shadow
        return route
    }
}

extension ServedModel {
    /// Every version that answers, or is kept for a rollback; one may be there several times.
    var servables: [Servable] {
        versions.values.compactMap(\.servable)
            + aliases.values.flatMap { [$0.servable, $0.previous].compactMap { $0 } }
            + (split?.arms ?? []).compactMap(\.servable)
    }

    /// Versions with a reason to be out of service are quarantined; aliases are answered by the version before, arms by
    /// the champion.
    ///
    /// - Parameter fault: why a version must not answer any more; nil: it may.
    func quarantining(_ fault: (Servable) -> String?) -> ServedModel {
        func whole(_ servable: Servable?) -> Servable? { servable.flatMap { fault($0) == nil ? $0 : nil } }
        return ServedModel(
            aliases: aliases.mapValues { target in
                AliasTarget(
                    assigned: target.assigned, servable: whole(target.servable) ?? whole(target.previous),
                    previous: whole(target.previous))
            },
            versions: versions.mapValues { status in
                status.servable.flatMap(fault).map {
                    ServableStatus(manifest: status.manifest, state: .quarantined(reason: $0))
                } ?? status
            },
            split: split?.answered { whole($0.servable) },
            shadow: shadow.flatMap { fault($0.servable) == nil ? $0 : nil })
    }
}
