import DIEN
import ModelRegistry
import Synchronization

/// Models that no table names any more, held until the last request that uses them has ended: their weights are then
/// unmapped by whoever calls `release`, never on a serving thread.
final class RetiredModels: Sendable {
    /// A version that left, without the right to answer.
    struct Retired: Sendable {
        let model: String
        let version: UInt64
        let manifest: Digest
        fileprivate var network: Model
    }

    private let retired = Mutex<[Retired]>([])

    /// How many wait for their last request.
    var count: Int { retired.withLock { $0.count } }

    /// Takes what `old` serves and `new` does not.
    func add(leaving old: ServingTable, for new: ServingTable) {
        let staying = Set(new.servables.map { ObjectIdentifier($0.network) })
        retired.withLock { retired in
            var known = Set(retired.map { ObjectIdentifier($0.network) }).union(staying)
            for servable in old.servables where known.insert(ObjectIdentifier(servable.network)).inserted {
                retired.append(
                    Retired(
                        model: servable.model, version: servable.version, manifest: servable.manifest,
                        network: servable.network))
            }
        }
    }

    /// Lets go of the models that nobody else holds; returns how they were called, the weights being gone.
    @discardableResult
    func release() -> [(model: String, version: UInt64, manifest: Digest)] {
        retired.withLock { retired in
            guard !retired.isEmpty else { return [] }
            var released: [(model: String, version: UInt64, manifest: Digest)] = []
            for index in retired.indices.reversed()
            where isKnownUniquelyReferenced(&retired[index].network) {
                let last = retired.remove(at: index)
                released.append((last.model, last.version, last.manifest))
            }
            return released
        }
    }
}

extension ServingTable {
    /// Every version that the table holds; one may be there several times.
    fileprivate var servables: [Servable] { models.values.flatMap(\.servables) }
}
