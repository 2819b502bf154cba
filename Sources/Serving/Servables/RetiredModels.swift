import DIEN
import Synchronization

/// Models that no table names any more, held until the last request that uses them has ended: their weights are then
/// unmapped by whoever calls `release`, never on a serving thread.
final class RetiredModels: Sendable {
    private let models = Mutex<[Model]>([])

    /// How many wait for their last request.
    var count: Int { models.withLock { $0.count } }

    /// Takes what `old` serves and `new` does not.
    func add(leaving old: ServingTable, for new: ServingTable) {
        let staying = Set(new.networks.map { ObjectIdentifier($0) })
        let leaving = old.networks.filter { !staying.contains(ObjectIdentifier($0)) }
        models.withLock { models in
            let known = Set(models.map { ObjectIdentifier($0) })
            models += leaving.filter { !known.contains(ObjectIdentifier($0)) }
        }
    }

    /// Lets go of the models that nobody else holds.
    func release() {
        models.withLock { models in
            guard !models.isEmpty else { return }
            for index in models.indices.reversed() where isKnownUniquelyReferenced(&models[index]) {
                models.remove(at: index)
            }
        }
    }
}

extension ServingTable {
    /// Every model that the table holds, each once.
    fileprivate var networks: [Model] {
        var seen: Set<ObjectIdentifier> = []
        return models.values.flatMap { model in
            model.versions.values.compactMap { $0.servable?.network }
                + model.aliases.values.flatMap {
                    [$0.servable?.network, $0.previous?.network].compactMap { $0 }
                }
        }.filter { seen.insert(ObjectIdentifier($0)).inserted }
    }
}
