import Experiment

/// The judge's view of the experiments that run, by what this server has counted; it keeps how the intervals settled. A value
/// without a clock.
struct LiveJudging: Sendable {
    /// An arm whose looks are kept. Another version begins anew.
    private struct Key: Hashable {
        let model: String
        let experiment: String
        let arm: String
        let version: UInt64
    }

    /// Seconds from one round to the next, at least.
    static let period = 5.0
    /// The most arms whose looks are kept.
    static let armLimit = 64

    let judge: Judge
    private var looks: [Key: LiveLooks] = [:]
    private var lastRound = -Double.infinity

    init(_ judge: Judge = Judge()) { self.judge = judge }

    /// Whether it is time for another round.
    func isDue(at seconds: Double) -> Bool { seconds - lastRound >= Self.period }

    /// Looks at every arm that is due, and forgets those that are not there any more.
    mutating func look(at seconds: Double, _ table: ServingTable, _ tallies: some Sequence<ModelTally>) {
        lastRound = seconds
        var kept: [Key: LiveLooks] = [:]
        for tally in tallies {
            guard let split = table.models[tally.model]?.split else { continue }
            for (key, candidate, control) in Self.comparisons(split, tally) where kept.count < Self.armLimit {
                var arm = looks[key] ?? LiveLooks(at: seconds, period: Self.period)
                if arm.isDue(at: seconds) {
                    arm.look(at: seconds, judge.verdict(candidate: candidate.judged, control: control.judged))
                }
                kept[key] = arm
            }
        }
        looks = kept
    }

    /// What it says now of the arms of a split that are compared with its control.
    func judgements(of split: ServedSplit, _ tally: ModelTally) -> [LiveReport.Judgement] {
        Self.comparisons(split, tally).map { key, candidate, control in
            LiveReport.Judgement(
                arm: key.arm, judge.verdict(candidate: candidate.judged, control: control.judged),
                looks: looks[key])
        }
    }

    /// Each arm of a split beside its control; none where there is no control.
    private static func comparisons(
        _ split: ServedSplit, _ tally: ModelTally
    ) -> [(key: Key, candidate: ArmTally, control: ArmTally)] {
        guard let place = split.split.control, let control = tally.arm(split.arms[place], of: split) else {
            return []
        }
        return split.arms.indices.filter { $0 != place }.compactMap { index in
            tally.arm(split.arms[index], of: split).map { arm in
                let key = Key(
                    model: tally.model, experiment: split.experiment, arm: arm.name, version: arm.version)
                return (key, arm, control)
            }
        }
    }
}

extension ModelTally {
    /// What was counted of an arm with the version that it has now.
    func arm(_ arm: ServedSplit.Arm, of split: ServedSplit) -> ArmTally? {
        experiments.first { $0.experiment == split.experiment }?.arms
            .first { $0.name == arm.name && $0.version == arm.countedVersion }
    }
}
