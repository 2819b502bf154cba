import Experiment
import ModelRegistry

/// A request that an experiment gave to an arm: what watches the arm, and what answers where its version cannot.
struct Trial: Sendable {
    /// The experiment, and the arm's index in it.
    let split: ServedSplit
    let arm: Int
    /// The champion's version; nil where the arm is answered by that one already, or none is loaded.
    let champion: Servable?
    /// The breaker's word; nil where there is no champion to take the arm's place.
    let admission: CircuitBreaker.Admission?
    /// Whether the allow-list named the unit, so that it says nothing about how units fare.
    let isOverridden: Bool

    /// Whether another version answers where this one fails.
    var hasFallback: Bool { champion != nil }

    /// Tells the watch what the arm's version did; what that leads to goes into the journal.
    ///
    /// - Parameters:
    ///   - fault: nil where all went well.
    ///   - recorder: where the request is counted; nil: nowhere.
    ///   - unit: the routing key.
    func record(
        _ fault: VersionFault?, _ recorder: ArmRecorder?, unit: String, detail: String, _ epoch: UInt64,
        _ journal: EventJournal?
    ) {
        var events: [ServingEvent] = []
        if let fault {
            recorder?.record(fault.badEvent)
            events = split.watch.recordFault(
                arm, admission, fault, unit: isOverridden ? nil : unit, detail: detail)
        } else if let admission {
            events = split.watch.recordSuccess(arm, admission)
        }
        for var event in events {
            event.epoch = epoch
            journal?.record(event)
        }
        if events.contains(where: { $0.kind != .armFault }) {
            recorder?.series.armGuard = ArmGuard(split.watch.standings[arm])
        }
    }

    /// The arm's version was not asked after all.
    func withdraw() {
        if let admission { split.watch.withdraw(arm, admission) }
    }
}

extension Route {
    /// The champion in the place of the arm's version, which stays the one that was assigned; nil where there is none.
    func fallingBack(_ reason: FallbackReason) -> Route? {
        guard let trial, let champion = trial.champion else { return nil }
        trial.split.countFallback(trial.arm, reason)
        return Route(
            servable: champion, arm: RegistryState.champion, assignedArm: assignedArm, experiment: experiment,
            counted: counted, isFallback: true)
    }
}

extension ArmGuard {
    /// As `Models.Counters` tells it.
    fileprivate init(_ standing: ArmStanding) {
        let state: State =
            switch standing.phase {
            case .serving: .closed
            case .open: .open
            case .probing: .probing
            case .stopped: .tripped
            }
        self.init(
            state, reason: standing.reason, sinceUnixMilliseconds: standing.sinceUnixMilliseconds)
    }
}

extension VersionFault {
    /// As what the arm's counters have it.
    fileprivate var badEvent: ArmSeries.BadEvent {
        switch self {
        case .nonFinite: .nonFinite
        case .error: .error
        case .overBudget: .overBudget
        }
    }
}
