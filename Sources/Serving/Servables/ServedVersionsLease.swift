import ModelRegistry
import Synchronization

/// Tells garbage collection which versions this replica uses. Taken before a version is mapped, ended with the process.
///
/// The lease is the one thing a server writes into a registry, and no epoch: where it cannot be written, on storage that
/// is mounted read-only, nothing can be collected through that mount either.
final class ServedVersionsLease: Sendable {
    private let lease: Mutex<Lease>

    init(on registry: Registry) {
        lease = Mutex(Lease(on: registry))
    }

    /// Leases what the table holds and what is about to be loaded.
    ///
    /// - Returns: why it could not, for the log.
    func hold(_ table: ServingTable, _ loading: [Succession.Version] = []) -> RegistryError? {
        let mapped = table.models.values.flatMap { model in
            model.versions.values.compactMap { $0.servable?.manifest }
                + model.aliases.values.flatMap {
                    [$0.servable?.manifest, $0.previous?.manifest].compactMap { $0 }
                }
        }
        let manifests = Set(mapped).union(loading.map(\.manifest))
        return lease.withLock { (lease) -> RegistryError? in
            do throws(RegistryError) {
                try lease.hold(Array(manifests))
                return nil
            } catch {
                return error
            }
        }
    }
}
