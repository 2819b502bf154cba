import DIEN
import Experiment
import ExperimentMessages
import Files
import GRPC
import Messages
import ModelRegistry
import Tensors

/// `dien.v1.Models`: what this replica has loaded, and why not the rest. Read-only.
struct ModelsService: Sendable {
    let table: CurrentTable
    let serverVersion: String
    let ledger: ExperimentLedger
    let intake: OutcomeIntake
    let startUnixMilliseconds = WallClock.unixMilliseconds()

    func listModels(_ request: ListModelsRequest) throws(RPCError) -> ListModelsResponse {
        let table = try table(having: request.name)
        let models = table.models.filter { request.name.isEmpty || $0.key == request.name }
        return ListModelsResponse(
            models: models.sorted { $0.key < $1.key }.map { ModelStatus($0.key, $0.value) },
            registryEpoch: table.epoch, serverVersion: serverVersion,
            startUnixMilliseconds: startUnixMilliseconds)
    }

    func counters(_ request: CountersRequest) throws(RPCError) -> CountersResponse {
        let table = try table(having: request.model)
        let now = WallClock.unixMilliseconds()
        return CountersResponse(
            ServerTally.Server(
                epoch: table.epoch, version: serverVersion, startUnixMilliseconds: startUnixMilliseconds,
                unixMilliseconds: now, windowMilliseconds: ledger.windowMilliseconds),
            ledger.tally(of: request.model, now: now), intake.counts)
    }

    /// The table of this moment; NOT_FOUND where it does not have the model, if one is named.
    private func table(having model: String) throws(RPCError) -> ServingTable {
        let table = table.snapshot
        guard model.isEmpty || table.models[model] != nil else {
            throw RPCError(RoutingError.unknownModel(model, known: table.models.keys.sorted()))
        }
        return table
    }
}

extension ModelStatus {
    fileprivate init(_ name: String, _ model: ServedModel) {
        self.init(
            name: name,
            aliases: model.aliases.sorted { $0.key < $1.key }.map { alias, target in
                ModelAlias(
                    alias: alias, version: target.assigned, servingVersion: target.servable?.version ?? 0)
            },
            versions: model.versions.sorted { $0.key < $1.key }.map { VersionStatus($0.key, $0.value) },
            split: model.split.map { Messages.TrafficSplit($0) })
    }
}

extension Messages.TrafficSplit {
    fileprivate init(_ served: ServedSplit) {
        self.init(
            experiment: served.experiment, algorithm: served.split.hash.algorithm.rawValue,
            coverage: UInt32(served.split.coverage),
            arms: served.arms.map { arm in
                SplitArm(
                    name: arm.name, version: arm.assigned, servingVersion: arm.servable?.version ?? 0,
                    weight: arm.weight)
            })
        (enrolled, overridden, notEnrolled, unassigned, fallbacks) = served.counters.counts
    }
}

extension VersionStatus {
    fileprivate init(_ version: UInt64, _ status: ServableStatus) {
        self.init(version: version, state: .notLoaded, digest: status.manifest.description)
        switch status.state {
        case .notLoaded: break
        case .loading(let step): (state, reason) = (.loading, step.rawValue)
        case .refused(let reason), .quarantined(let reason): (state, self.reason) = (.refused, reason)
        case .ready(let servable):
            state = .ready
            architecture = servable.network.configuration.architecture.rawValue
            preset = servable.network.configuration.preset.rawValue
            kernels = servable.network.kernels.name
            precision = servable.network.precision.rawValue
            userStates = servable.userStates.map { Messages.ReuseCounts($0.counts) }
            candidateParts = servable.network.candidateCounts.map { Messages.ReuseCounts($0) }
        }
    }
}

extension Messages.ReuseCounts {
    fileprivate init(_ counts: DIEN.ReuseCounts) {
        self.init()
        (hits, extensions, misses) = (counts.hits, counts.extensions, counts.misses)
        (evictions, held, bytes) = (counts.evictions, counts.held, counts.bytes)
    }
}
