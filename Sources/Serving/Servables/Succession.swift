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

    /// The versions that some alias names: these a replica must have loaded.
    var aspired: [Version] {
        state.models.flatMap { name, model in
            Set(model.aliases.values).compactMap { number in
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
            let known = models[version.model] ?? ServedModel(aliases: [:], versions: [:])
            let status = ServableStatus(
                manifest: version.manifest, state: .loading(steps[version] ?? .queued))
            models[version.model] = ServedModel(
                aliases: known.aliases, versions: known.versions.merging([version.number: status]) { $1 })
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
            models[name] = served(name, aliases: entry.aliases, statuses: statuses)
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

    /// Points each alias at what answers for it, then lets go of the versions that no alias holds any more.
    private func served(
        _ name: String, aliases: [String: UInt64], statuses: [UInt64: ServableStatus]
    ) -> ServedModel {
        var targets: [String: ServedModel.AliasTarget] = [:]
        for (alias, number) in aliases {
            let before = previous.models[name]?.aliases[alias]
            let servable = statuses[number]?.servable ?? before?.servable
            // The version that an alias leaves stays mapped until the alias moves again: a rollback is one store.
            let moved = servable?.manifest != before?.servable?.manifest
            targets[alias] = ServedModel.AliasTarget(
                assigned: number, servable: servable, previous: moved ? before?.servable : before?.previous)
        }
        let held = Set(targets.values.flatMap { [$0.servable, $0.previous] }.compactMap { $0?.manifest })
        let versions = statuses.mapValues { status in
            status.servable == nil || held.contains(status.manifest)
                ? status : ServableStatus(manifest: status.manifest, state: .notLoaded)
        }
        return ServedModel(aliases: targets, versions: versions)
    }
}
