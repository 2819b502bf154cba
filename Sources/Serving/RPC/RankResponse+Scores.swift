import DIEN
import Messages
import ModelRegistry

extension Messages.UserState {
    init(_ origin: UserStateOrigin) {
        self =
            switch origin {
            case .hit: .reused
            case .extended: .extended
            case .computed: .computed
            }
    }
}

extension Messages.UnknownIDs {
    init(_ unknown: DIEN.UnknownIDs) {
        self.init(role: unknown.role.rawValue, feature: unknown.feature, count: UInt32(unknown.count))
    }
}

extension CandidateAttention {
    /// - Parameter dropped: behaviours that were sent before those that the model used.
    init(_ attention: AttendedBehaviours, dropped: Int) {
        self.init(
            positions: attention.positions.map { UInt32($0 + dropped) }, weights: attention.weights)
    }
}

extension ServedBy {
    /// Everything that an answer can be explained and repeated by.
    init(_ route: Route, epoch: UInt64) {
        self.init(
            model: route.servable.model, version: route.servable.version,
            digest: route.servable.manifest.description, arm: route.arm, registryEpoch: epoch,
            assignedArm: route.assignedArm, experiment: route.experiment)
    }
}

extension [Float] {
    /// Positions of the `count` largest values, largest first, equal ones in order.
    func positionsOfBest(_ count: Int) -> [UInt32] {
        guard count > 0 else { return [] }
        let order = indices.sorted { (self[$0], $1) > (self[$1], $0) }
        return order.prefix(count).map { UInt32($0) }
    }
}
