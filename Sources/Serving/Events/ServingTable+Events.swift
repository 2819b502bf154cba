import ModelRegistry

/// A version of a table with its state, as metrics and events name it.
struct VersionStanding: Equatable {
    let digest: Digest
    let phase: VersionPhase
    let reason: String
}

extension ServedModel {
    /// Every version that the registry lists, by number.
    var standings: [UInt64: VersionStanding] {
        let answering = Set(
            aliases.values.compactMap { $0.servable?.manifest }
                + (split?.arms ?? []).compactMap { $0.servable?.manifest })
        return versions.mapValues { status in
            let (phase, reason) = status.state.phase
            let isActive = phase == .ready && answering.contains(status.manifest)
            return VersionStanding(
                digest: status.manifest, phase: isActive ? .active : phase, reason: reason)
        }
    }
}

extension ServableState {
    fileprivate var phase: (VersionPhase, reason: String) {
        switch self {
        case .notLoaded: (.notLoaded, "")
        case .loading(let step): (step.phase, "")
        case .ready: (.ready, "")
        case .refused(let reason): (.refused, reason)
        case .quarantined(let reason): (.quarantined, reason)
        }
    }
}

extension LoadingStep {
    fileprivate var phase: VersionPhase {
        switch self {
        case .queued: .queued
        case .checkingFiles: .checkingFiles
        case .scoringGoldenRequests: .scoringGoldenRequests
        case .warmingUp: .warmingUp
        }
    }
}

extension ServingTable {
    /// What happened from `previous` to this table: the epoch first, then each version that changed its state, in
    /// the order of names and numbers. Pure: the journal acts.
    func events(since previous: ServingTable) -> [ServingEvent] {
        var events: [ServingEvent] = []
        if epoch != previous.epoch { events.append(ServingEvent(kind: .epochFollowed, epoch: epoch)) }
        for name in Set(models.keys).union(previous.models.keys).sorted() {
            let before = previous.models[name]?.standings ?? [:]
            let after = models[name]?.standings ?? [:]
            for number in Set(before.keys).union(after.keys).sorted() {
                let from = before[number]?.phase ?? .notLoaded
                let to = after[number]?.phase ?? .notLoaded
                guard from != to, let standing = after[number] ?? before[number] else { continue }
                events.append(
                    ServingEvent(
                        kind: .versionState, epoch: epoch, model: name, version: number,
                        digest: standing.digest.description, from: from.rawValue, to: to.rawValue,
                        reason: after[number]?.reason ?? ""))
            }
        }
        return events
    }
}
