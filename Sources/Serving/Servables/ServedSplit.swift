import Experiment
import ModelRegistry
import Synchronization

/// A running experiment with the versions that its arms are answered by.
struct ServedSplit: Sendable {
    /// One arm and what answers for it.
    struct Arm: Sendable {
        let name: String
        let weight: UInt32
        /// The version that the state names.
        let assigned: UInt64
        /// The version that answers; nil: the champion does, in the arm's place.
        let servable: Servable?
    }

    /// The experiment's name, which is its salt.
    let experiment: String
    /// What it decides by.
    let split: TrafficSplit
    /// In the order of the split's arms.
    let arms: [Arm]
    /// How it has decided here. An experiment keeps its counts while it runs, from epoch to epoch.
    let counters: SplitCounters
    /// Watches the versions of the arms.
    let watch: ExperimentWatch
    private let armAnswers: [ArmAnswers]

    /// The split as a state records it. The registry's checks are stricter than those of `TrafficSplit`, so this is nil
    /// for no split that a registry holds.
    init?(_ registered: RegisteredSplit, arms: [Arm], counters: SplitCounters, watch: ExperimentWatch) {
        guard let algorithm = AssignmentAlgorithm(rawValue: registered.algorithm.rawValue),
            let split = try? TrafficSplit(
                salt: registered.salt, algorithm: algorithm,
                arms: registered.arms.map { arm in
                    TrafficSplit.Arm(name: arm.name, weight: Int(arm.weight), allowList: Set(arm.allow))
                },
                coverage: Int(registered.coverage), control: registered.control,
                layer: registered.layer.map { layer in
                    LayerSlice(layer: layer.name, segments: Int(layer.first)..<Int(layer.end))
                })
        else { return nil }
        experiment = registered.salt
        self.split = split
        self.arms = arms
        self.counters = counters
        self.watch = watch
        armAnswers = arms.map { counters.arm($0.name) }
    }

    private init(_ split: ServedSplit, arms: [Arm]) {
        experiment = split.experiment
        self.split = split.split
        self.arms = arms
        counters = split.counters
        watch = split.watch
        armAnswers = split.armAnswers
    }

    /// The same experiment with other versions behind its arms.
    func answered(by servable: (Arm) -> Servable?) -> ServedSplit {
        let arms = arms.map { arm in
            Arm(name: arm.name, weight: arm.weight, assigned: arm.assigned, servable: servable(arm))
        }
        return ServedSplit(self, arms: arms)
    }

    /// What is decided for a unit, counted.
    func assign(_ unit: String) -> Assignment {
        let assignment = split.assignment(of: unit)
        counters.count(assignment.reason)
        return assignment
    }

    /// The version that answers for an arm, with what watches it; or why the champion is to.
    func answer(
        _ arm: Int, champion: Servable?, isOverridden: Bool
    ) -> Result<(Servable, Trial), FallbackReason> {
        guard let servable = arms[arm].servable else { return .failure(.notLoaded) }
        // An arm of the champion's version has nothing to fall back to, and needs no breaker.
        guard let champion, champion.network !== servable.network else {
            return .success(
                (
                    servable,
                    Trial(split: self, arm: arm, champion: nil, admission: nil, isOverridden: isOverridden)
                ))
        }
        return watch.admit(arm).map { admission in
            (
                servable,
                Trial(
                    split: self, arm: arm, champion: champion, admission: admission,
                    isOverridden: isOverridden)
            )
        }
    }

    /// An arm's own version answered.
    func countServed(_ arm: Int) { armAnswers[arm].count(isFallback: false) }

    /// The champion answers for an arm.
    func countFallback(_ arm: Int, _ reason: FallbackReason) {
        counters.countFallback()
        armAnswers[arm].count(isFallback: true)
        watch.counters[arm].count(reason)
    }
}

/// How often an experiment decided what, in this replica.
final class SplitCounters: Sendable {
    private let enrolledCount = Atomic<UInt64>(0)
    private let overriddenCount = Atomic<UInt64>(0)
    private let notEnrolledCount = Atomic<UInt64>(0)
    private let unassignedCount = Atomic<UInt64>(0)
    private let fallbackCount = Atomic<UInt64>(0)
    private let arms = Mutex<[String: ArmAnswers]>([:])

    /// The counters of an arm, which stay the same while the experiment runs.
    func arm(_ name: String) -> ArmAnswers {
        arms.withLock { arms in
            let counters = arms[name] ?? ArmAnswers()
            arms[name] = counters
            return counters
        }
    }

    /// Requests by decision, and those that the champion answered for an arm.
    var counts:
        (enrolled: UInt64, overridden: UInt64, notEnrolled: UInt64, unassigned: UInt64, fallbacks: UInt64)
    {
        (
            enrolledCount.load(ordering: .relaxed), overriddenCount.load(ordering: .relaxed),
            notEnrolledCount.load(ordering: .relaxed), unassignedCount.load(ordering: .relaxed),
            fallbackCount.load(ordering: .relaxed)
        )
    }

    func count(_ reason: Assignment.Reason) {
        switch reason {
        case .enrolled: enrolledCount.add(1, ordering: .relaxed)
        case .override: overriddenCount.add(1, ordering: .relaxed)
        case .notEnrolled: notEnrolledCount.add(1, ordering: .relaxed)
        case .unassigned: unassignedCount.add(1, ordering: .relaxed)
        }
    }

    func countFallback() { fallbackCount.add(1, ordering: .relaxed) }
}

/// How often an arm was assigned, by who answered.
final class ArmAnswers: Sendable {
    private let armCount = Atomic<UInt64>(0)
    private let championCount = Atomic<UInt64>(0)

    /// Requests that the arm's own version answered, and those that the champion did in its place.
    var counts: (arm: UInt64, champion: UInt64) {
        (armCount.load(ordering: .relaxed), championCount.load(ordering: .relaxed))
    }

    func count(isFallback: Bool) {
        if isFallback {
            championCount.add(1, ordering: .relaxed)
        } else {
            armCount.add(1, ordering: .relaxed)
        }
    }
}
