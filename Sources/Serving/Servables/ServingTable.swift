import ModelRegistry

/// What a replica answers with at one moment: an immutable snapshot, replaced whole by one store.
struct ServingTable: Sendable {
    /// The registry's epoch that this table follows.
    let epoch: UInt64
    /// The models by name.
    let models: [String: ServedModel]

    /// A table that serves nothing, before the first epoch is read.
    static let empty = ServingTable(epoch: 0, models: [:])

    /// The version that answers a request, and the arm that the reply names.
    ///
    /// - Parameters:
    ///   - name: the model; empty is enough where there is only one.
    ///   - version: pins one version; 0 leaves the choice to the alias.
    ///   - alias: the alias to follow; empty means `champion`.
    func route(
        model name: String, version: UInt64, alias: String
    ) throws(RoutingError) -> (servable: Servable, arm: String) {
        let name = try defaulted(name)
        guard let model = models[name] else { throw .unknownModel(name, known: models.keys.sorted()) }
        if version != 0 {
            guard alias.isEmpty else { throw .versionAndAlias(model: name, version: version, alias: alias) }
            return (try model.pinned(version, of: name), "version-\(version)")
        }
        let arm = alias.isEmpty ? RegistryState.champion : alias
        return (try model.following(arm, of: name), arm)
    }

    private func defaulted(_ name: String) throws(RoutingError) -> String {
        guard name.isEmpty else { return name }
        guard models.count == 1, let only = models.keys.first else {
            throw .missingModel(known: models.keys.sorted())
        }
        return only
    }

    /// Whether at least one model answers requests that name no version.
    var servesChampion: Bool {
        models.values.contains { $0.aliases[RegistryState.champion]?.servable != nil }
    }
}

/// The versions and aliases of one model in a serving table.
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

    func pinned(_ version: UInt64, of model: String) throws(RoutingError) -> Servable {
        guard let status = versions[version] else {
            throw .unknownVersion(model: model, version: version, known: versions.keys.sorted())
        }
        switch status.state {
        case .ready(let servable): return servable
        case .refused(let reason): throw .refused(model: model, version: version, reason: reason)
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
}
