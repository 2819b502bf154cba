import CMessages

/// What was counted of an experiment, or of the traffic outside of one: `dien.v1.ExperimentCounters`.
public struct ExperimentCounters: ProtobufMessage {
    /// The experiment, by its salt; empty outside.
    public var experiment: String
    /// Whether it still runs.
    public var running: Bool
    /// Its arms.
    public var arms: [ArmCounters]

    /// Counters of these parts.
    public init(
        experiment: String = "", running: Bool = false, arms: [ArmCounters] = []
    ) {
        self.experiment = experiment
        self.running = running
        self.arms = arms
    }

    /// Decodes a `dien.v1.ExperimentCounters`.
    public init(serialized bytes: RawSpan) throws(MessageError) { self = try unsafe Self.decode(bytes) }

    /// Encodes a `dien.v1.ExperimentCounters`.
    public func serialized() -> [UInt8] { unsafe encode() }
}

extension ExperimentCounters: @unsafe CMessage {
    static let descriptor = unsafe MessageDescriptor(of: dien__v1__experiment_counters__init)

    init(copying message: Dien__V1__ExperimentCounters) throws(MessageError) {
        unsafe self.init(
            experiment: text(message.experiment), running: message.running != 0)
        arms = try unsafe messages(message.arms, message.n_arms, field: "arms")
    }

    func fill(_ message: inout Dien__V1__ExperimentCounters, in arena: Arena) {
        unsafe message.experiment = unsafe arena.copy(experiment)
        unsafe message.running = running ? 1 : 0
        unsafe message.n_arms = arms.count
        unsafe message.arms = unsafe arena.copy(arms)
    }
}
