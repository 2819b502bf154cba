import Experiment
import Files
import ModelRegistry
import Synchronization

/// Watches the versions that a running experiment tries, in this replica: a version that fails is not asked for a while, and
/// one that makes more bad events than its control, surely, not any more.
///
/// It lives as long as the registry's state has the same experiment with the same versions; what it stopped stays stopped as
/// long. The server writes no registry: what a replica did by itself, a controller reads from it and commits.
final class ExperimentWatch: Sendable {
    /// An arm, as far as watching it goes.
    struct Arm: Sendable, Equatable {
        let name: String
        /// The version that the state names, and what it contains.
        let version: UInt64
        let manifest: Digest?
        let weight: UInt32
    }

    private struct ArmState {
        var breaker = CircuitBreaker()
        /// Against the arm that it is compared with.
        var badEvents: BadEventGuard?
        var units = BadEventLimit()
        var standing = ArmStanding()
        var toldMinute: UInt64 = 0
        var told = 0
    }

    /// How many faults of an arm are told as events in a minute; all are counted.
    static let toldFaults = 10

    let model: String
    /// By its salt.
    let experiment: String
    let arms: [Arm]
    let counters: [WatchCounters]
    /// The control, or the first arm of the champion's version; nil: none, so that no guard can compare.
    let reference: Int?
    private let states: Mutex<[ArmState]>

    /// A watch that has seen nothing.
    ///
    /// - Parameters:
    ///   - control: the control's name, where the experiment has one.
    ///   - champion: what the champion's version contains.
    init(model: String, experiment: String, arms: [Arm], control: String?, champion: Digest?) {
        self.model = model
        self.experiment = experiment
        self.arms = arms
        counters = arms.map { _ in WatchCounters() }
        let reference =
            arms.firstIndex { $0.name == control }
            ?? arms.firstIndex { $0.manifest != nil && $0.manifest == champion }
        self.reference = reference
        states = Mutex(
            arms.indices.map { index in
                var state = ArmState()
                if let reference, reference != index {
                    state.badEvents = BadEventGuard(
                        referenceWeight: Double(arms[reference].weight), weight: Double(arms[index].weight))
                }
                return state
            })
    }

    /// Whether this watch is of this experiment with these versions.
    func watches(_ experiment: String, _ arms: [Arm]) -> Bool {
        self.experiment == experiment && self.arms == arms
    }

    /// Whether an arm's version is asked; otherwise why the champion answers for it.
    func admit(
        _ arm: Int, at now: ContinuousClock.Instant = .now
    ) -> Result<CircuitBreaker.Admission, FallbackReason> {
        let (admission, isStopped) = states.withLock { states in
            let isStopped = states[arm].standing.phase == .stopped
            return (isStopped ? nil : states[arm].breaker.admit(at: now), isStopped)
        }
        if let admission { return .success(admission) }
        return .failure(isStopped ? .stopped : .breakerOpen)
    }

    /// Gives an admission back that came to nothing.
    func withdraw(_ arm: Int, _ admission: CircuitBreaker.Admission) {
        states.withLock { $0[arm].breaker.withdraw(admission) }
    }

    /// An arm's version did what it was admitted for.
    func recordSuccess(
        _ arm: Int, _ admission: CircuitBreaker.Admission, at now: ContinuousClock.Instant = .now
    ) -> [ServingEvent] {
        states.withLock { states in
            guard let phase = states[arm].breaker.record(admission, isFault: false, at: now) else {
                return []
            }
            return [change(arm, to: phase, "it answered \(CircuitBreaker.Policy().probes) requests", &states)]
        }
    }

    /// An arm's version, or the champion's for the control, failed on a request.
    ///
    /// - Parameters:
    ///   - admission: nil where none was needed.
    ///   - unit: the routing key; nil of one that chose its arm, which says nothing about how events fall on units.
    ///   - detail: what went wrong, in one sentence.
    /// - Returns: what is to be told.
    func recordFault(
        _ arm: Int, _ admission: CircuitBreaker.Admission?, _ fault: VersionFault, unit: String?,
        detail: String, at now: ContinuousClock.Instant = .now,
        minute: UInt64 = MonotonicClock.nanoseconds() / 60_000_000_000
    ) -> [ServingEvent] {
        counters[arm].count(fault)
        return states.withLock { states in
            var events: [ServingEvent] = []
            if states[arm].toldMinute != minute { (states[arm].toldMinute, states[arm].told) = (minute, 0) }
            states[arm].told += 1
            if states[arm].told <= Self.toldFaults {
                events.append(event(.armFault, arm, to: fault.rawValue, detail))
            }
            if let admission, let phase = states[arm].breaker.record(admission, isFault: true, at: now) {
                events.append(change(arm, to: phase, reasonToOpen(states[arm].breaker, detail), &states))
            }
            var hasher = Hasher()
            hasher.combine(unit)
            let hash = UInt64(bitPattern: Int64(hasher.finalize()))
            if unit != nil, states[arm].units.admits(hash, unixMilliseconds: minute * 60_000) {
                events += guarding(arm, &states)
            }
            return events
        }
    }

    /// How each arm stands.
    var standings: [ArmStanding] {
        states.withLock { states in
            states.map { state in
                var standing = state.standing
                if standing.phase == .open, state.breaker.phase == .halfOpen { standing.phase = .probing }
                return standing
            }
        }
    }

    /// Counts a bad event of a unit with the guards that it concerns, and stops the arm whose alarm it makes.
    private func guarding(_ arm: Int, _ states: inout [ArmState]) -> [ServingEvent] {
        var events: [ServingEvent] = []
        for index in states.indices where index == arm || arm == reference {
            guard states[index].badEvents?.count(isReference: index != arm) == true,
                let counts = states[index].badEvents?.counts, let reference
            else { continue }
            let from = states[index].standing.phase
            states[index].standing = ArmStanding(
                phase: .stopped,
                reason: "\(counts[1]) units of \(arms[index].name) with a bad event beside \(counts[0]) of "
                    + "\(arms[reference].name): more than chance allows",
                sinceUnixMilliseconds: WallClock.unixMilliseconds())
            events.append(
                event(
                    .armStopped, index, from: from.rawValue, to: ArmStanding.Phase.stopped.rawValue,
                    states[index].standing.reason))
        }
        return events
    }

    private func change(
        _ arm: Int, to phase: CircuitBreaker.Phase, _ reason: String, _ states: inout [ArmState]
    ) -> ServingEvent {
        let from = states[arm].standing.phase
        if from != .stopped {
            states[arm].standing = ArmStanding(
                phase: phase == .closed ? .serving : .open, reason: phase == .closed ? "" : reason,
                sinceUnixMilliseconds: WallClock.unixMilliseconds())
        }
        return event(
            phase == .closed ? .breakerClosed : .breakerOpened, arm, from: from.rawValue,
            to: states[arm].standing.phase.rawValue, reason)
    }

    private func reasonToOpen(_ breaker: CircuitBreaker, _ detail: String) -> String {
        let policy = breaker.policy
        return breaker.openings > 1
            ? "it failed again when it was tried: \(detail)"
            : "\(policy.faults) faults within \(policy.window) requests, the last: \(detail)"
    }

    private func event(
        _ kind: ServingEvent.Kind, _ arm: Int, from: String = "", to: String, _ reason: String
    ) -> ServingEvent {
        ServingEvent(
            kind: kind, model: model, version: arms[arm].version,
            digest: arms[arm].manifest?.description ?? "", experiment: experiment, arm: arms[arm].name,
            from: from, to: to, reason: reason)
    }
}
