import ModelRegistry

/// Decides what a replica loads, keeps and serves when the registry moves to another epoch. Pure: the watcher acts.
///
/// The rule is TensorFlow Serving's availability-preserving policy: a version leaves only when its successor is
/// ready, and a successor that fails a check never replaces anything.
struct Succession {
    /// One version of a model, by what it contains.
    struct Version: Hashable {
        let model: String
        let number: UInt64
        let descriptor: Descriptor

        var manifest: Digest { descriptor.digest }
    }

    /// The state that the registry moved to.
    let state: RegistryState
    /// What is served until now.
    let previous: ServingTable
    /// What shadows have found until now.
    var shadows = ShadowResults()

    /// The versions that an alias, an experiment's arm or the shadow names: these a replica must have loaded.
    var aspired: [Version] {
        state.models.flatMap { name, model in
            model.servedVersions.compactMap { number in
                model.versions[number].map {
                    Version(model: name, number: number, descriptor: $0.manifest)
                }
            }
        }.sorted { ($0.model, $0.number) < ($1.model, $1.number) }
    }

    /// The aspired versions that are not ready yet. One that was refused before is tried again: its blobs may be mended.
    var toLoad: [Version] { aspired.filter { ready($0) == nil } }

    /// The table to show while those are loading: nothing that answers requests has changed yet.
    ///
    /// - Parameter steps: how far each has come; those not in it are queued.
    func tableWhileLoading(_ steps: [Version: LoadingStep]) -> ServingTable {
        var models = previous.models
        for version in toLoad {
            let known = models[version.model] ?? ServedModel(aliases: [:], versions: [:], split: nil)
            let status = ServableStatus(
                manifest: version.manifest, state: .loading(steps[version] ?? .queued))
            models[version.model] = ServedModel(
                aliases: known.aliases, versions: known.versions.merging([version.number: status]) { $1 },
                split: known.split, shadow: known.shadow)
        }
        return ServingTable(epoch: previous.epoch, models: models)
    }

    /// The table to serve next, once each version of `toLoad` is either ready or refused.
    func table(loaded: [Version: ServableState]) -> ServingTable {
        var models: [String: ServedModel] = [:]
        for (name, entry) in state.models {
            var statuses: [UInt64: ServableStatus] = [:]
            for (number, registered) in entry.versions {
                let version = Version(model: name, number: number, descriptor: registered.manifest)
                let next = loaded[version] ?? ready(version).map { .ready($0) } ?? .notLoaded
                statuses[number] = ServableStatus(manifest: version.manifest, state: next)
            }
            models[name] = served(name, entry, statuses: statuses)
        }
        return ServingTable(epoch: state.epoch, models: models)
    }

    /// The same version in the previous table, if it was ready there.
    private func ready(_ version: Version) -> Servable? {
        guard let status = previous.models[version.model]?.versions[version.number],
            status.manifest == version.manifest
        else { return nil }
        return status.servable
    }

    /// Points each alias and arm at what answers for it, then lets go of the versions that nothing holds any more.
    private func served(
        _ name: String, _ entry: RegisteredModel, statuses: [UInt64: ServableStatus]
    ) -> ServedModel {
        var targets: [String: ServedModel.AliasTarget] = [:]
        for (alias, number) in entry.aliases {
            let before = previous.models[name]?.aliases[alias]
            let servable = statuses[number]?.servable ?? before?.servable
            // The version that an alias leaves stays mapped until the alias moves again: a rollback is one store.
            let moved = servable?.manifest != before?.servable?.manifest
            targets[alias] = ServedModel.AliasTarget(
                assigned: number, servable: servable, previous: moved ? before?.servable : before?.previous)
        }
        let holders = targets.values.flatMap {
            [$0.servable?.manifest, $0.previous?.manifest].compactMap { $0 }
        }
        let held = Set(holders).union(entry.servedVersions.compactMap { statuses[$0]?.manifest })
        let versions = statuses.mapValues { status in
            status.servable == nil || held.contains(status.manifest)
                ? status : ServableStatus(manifest: status.manifest, state: .notLoaded)
        }
        return ServedModel(
            aliases: targets, versions: versions,
            split: split(of: name, entry, targets: targets, statuses: statuses),
            shadow: shadow(of: name, entry, targets[RegistryState.champion]?.servable, statuses))
    }

    /// What scores copies of requests: nothing where it is the champion itself.
    private func shadow(
        of name: String, _ entry: RegisteredModel, _ champion: Servable?,
        _ statuses: [UInt64: ServableStatus]
    ) -> ServedShadow? {
        guard let registered = entry.shadow, let champion,
            let servable = registered.target.version(in: entry).flatMap({ statuses[$0]?.servable }),
            servable.manifest != champion.manifest
        else { return nil }
        let versions = ShadowPair.Versions(
            model: name, candidate: servable.version, candidateManifest: servable.manifest,
            champion: champion.version, championManifest: champion.manifest)
        return ServedShadow(servable: servable, rate: registered.rate, pair: shadows.pair(versions))
    }

    /// The experiment with what answers for each arm: an alias's arm by what the alias is answered by.
    private func split(
        of name: String, _ entry: RegisteredModel, targets: [String: ServedModel.AliasTarget],
        statuses: [UInt64: ServableStatus]
    ) -> ServedSplit? {
        guard let registered = entry.split else { return nil }
        let arms = registered.arms.map { arm in
            let servable =
                switch arm.target {
                case .alias(let alias): targets[alias]?.servable
                case .version(let number): statuses[number]?.servable
                }
            return ServedSplit.Arm(
                name: arm.name, weight: arm.weight, assigned: arm.target.version(in: entry) ?? 0,
                servable: servable)
        }
        let before = previous.models[name]?.split
        return ServedSplit(
            registered, arms: arms,
            counters: before?.experiment == registered.salt
                ? before?.counters ?? SplitCounters() : SplitCounters(),
            watch: watch(of: name, entry, registered, before?.watch))
    }

    /// The watch of an experiment, which goes on while experiment and versions stay.
    private func watch(
        of name: String, _ entry: RegisteredModel, _ split: RegisteredSplit, _ before: ExperimentWatch?
    ) -> ExperimentWatch {
        func manifest(_ target: VersionReference) -> Digest? {
            target.version(in: entry).flatMap { entry.versions[$0]?.manifest.digest }
        }
        let arms = split.arms.map { arm in
            ExperimentWatch.Arm(
                name: arm.name, version: arm.target.version(in: entry) ?? 0, manifest: manifest(arm.target),
                weight: arm.weight)
        }
        if let before, before.watches(split.salt, arms) { return before }
        return ExperimentWatch(
            model: name, experiment: split.salt, arms: arms, control: split.control,
            champion: manifest(.alias(RegistryState.champion)))
    }
}

extension RegisteredModel {
    /// The versions that requests may be answered by, or copied to. A tag alone makes none of them.
    fileprivate var servedVersions: Set<UInt64> {
        let arms = (split?.arms ?? []).compactMap { $0.target.version(in: self) }
        return Set(aliases.values).union(arms).union([shadow?.target.version(in: self)].compactMap { $0 })
    }
}
