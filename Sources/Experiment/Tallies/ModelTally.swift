/// All that was counted of one model.
public struct ModelTally: Sendable, Equatable {
    /// Which requests a comparison sums up.
    public struct ShadowKey: Sendable, Hashable {
        /// The version that scored beside.
        public let version: UInt64
        /// The version that answered.
        public let championVersion: UInt64
        /// The kind of requests.
        public let segment: ShadowSegment

        /// A comparison's key.
        public init(version: UInt64, championVersion: UInt64, segment: ShadowSegment) {
            self.version = version
            self.championVersion = championVersion
            self.segment = segment
        }
    }

    /// Its name.
    public let model: String
    /// Its experiments, running or ended a short time ago; one without a name is the traffic outside of them.
    public var experiments: [ExperimentTally]
    /// Its shadows.
    public var shadows: [ShadowKey: ShadowComparison]

    /// A model with these counts.
    public init(
        model: String, experiments: [ExperimentTally], shadows: [ShadowKey: ShadowComparison] = [:]
    ) {
        self.model = model
        self.experiments = experiments
        self.shadows = shadows
    }

    /// The counts of both.
    static func + (left: ModelTally, right: ModelTally) -> ModelTally {
        var sum = left
        for experiment in right.experiments {
            if let index = sum.experiments.firstIndex(where: { $0.experiment == experiment.experiment }) {
                sum.experiments[index] = sum.experiments[index] + experiment
            } else {
                sum.experiments.append(experiment)
            }
        }
        sum.shadows.merge(right.shadows, uniquingKeysWith: +)
        return sum
    }
}
