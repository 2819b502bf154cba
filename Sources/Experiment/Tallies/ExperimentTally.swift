/// What the arms of an experiment did, or the traffic outside of one.
public struct ExperimentTally: Sendable, Equatable {
    /// The experiment, by its salt; empty outside experiments.
    public let experiment: String
    /// Whether it runs in one of the servers.
    public var isRunning: Bool
    /// Its arms, in the order of the split. An arm whose version has changed is there for each.
    public var arms: [ArmTally]

    /// An experiment with these arms.
    public init(experiment: String, isRunning: Bool, arms: [ArmTally]) {
        self.experiment = experiment
        self.isRunning = isRunning
        self.arms = arms
    }

    /// The arms of both.
    static func + (left: ExperimentTally, right: ExperimentTally) -> ExperimentTally {
        var sum = left
        sum.isRunning = left.isRunning || right.isRunning
        for arm in right.arms {
            if let index = sum.arms.firstIndex(where: { $0.name == arm.name && $0.version == arm.version }) {
                sum.arms[index] = sum.arms[index] + arm
            } else {
                sum.arms.append(arm)
            }
        }
        return sum
    }
}
