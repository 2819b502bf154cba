import DIEN
import ModelRegistry

/// What a replica answers with at one moment: an immutable snapshot, replaced whole by one store.
struct ServingTable: Sendable {
    /// The registry's epoch that this table follows.
    let epoch: UInt64
    /// The models by name.
    let models: [String: ServedModel]

    /// A table that serves nothing, before the first epoch is read.
    static let empty = ServingTable(epoch: 0, models: [:])

    /// Whether at least one model answers requests that name no version.
    var servesChampion: Bool {
        models.values.contains { $0.aliases[RegistryState.champion]?.servable != nil }
    }

    /// The version that answers a request.
    ///
    /// - Parameters:
    ///   - name: the model; empty is enough where there is only one.
    ///   - version: pins one version; 0 leaves the choice to alias or experiment.
    ///   - alias: the alias to follow; empty means the experiment's arm where there is one, otherwise `champion`.
    ///   - unit: the routing key, by which an experiment assigns.
    func route(model name: String, version: UInt64, alias: String, unit: String) throws(RoutingError) -> Route
    {
        let name = try defaulted(name)
        guard let model = models[name] else { throw .unknownModel(name, known: models.keys.sorted()) }
        if version != 0 {
            guard alias.isEmpty else { throw .versionAndAlias(model: name, version: version, alias: alias) }
            return Route(try model.pinned(version, of: name), arm: Route.pinnedArm(version))
        }
        guard alias.isEmpty else {
            return Route(try model.following(alias, of: name), arm: alias)
        }
        return try model.assigned(unit, of: name)
    }

    /// The same with damaged versions quarantined: those whose files have lost pages, and those that a blob belongs to
    /// which was found damaged. Nil when every version is whole, which costs a load a file to find out.
    func quarantiningDamage(blobs damaged: Set<Digest> = []) -> ServingTable? {
        func fault(_ servable: Servable) -> String? {
            if servable.network.isDamaged { return ServableState.lostPages }
            guard !damaged.isEmpty, servable.blobs.keys.contains(where: damaged.contains) else { return nil }
            return ServableState.damagedBlob
        }
        guard models.values.contains(where: { $0.servables.contains { fault($0) != nil } }) else {
            return nil
        }
        return ServingTable(epoch: epoch, models: models.mapValues { $0.quarantining(fault) })
    }

    private func defaulted(_ name: String) throws(RoutingError) -> String {
        guard name.isEmpty else { return name }
        guard models.count == 1, let only = models.keys.first else {
            throw .missingModel(known: models.keys.sorted())
        }
        return only
    }
}
