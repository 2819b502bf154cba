import CMessages

/// An experiment on a model's traffic, and how a server has decided: `dien.v1.TrafficSplit`.
public struct TrafficSplit: ProtobufMessage {
    /// The experiment, by its salt.
    public var experiment: String
    /// How units are assigned.
    public var algorithm: String
    /// How much of each arm's weight is enrolled, in basis points.
    public var coverage: UInt32
    /// The arms, in the order of their ranges.
    public var arms: [SplitArm]
    /// Requests whose unit was in an arm's range.
    public var enrolled: UInt64 = 0
    /// Requests whose unit an allow-list named.
    public var overridden: UInt64 = 0
    /// Requests whose unit is outside the experiment.
    public var notEnrolled: UInt64 = 0
    /// Requests without a routing key.
    public var unassigned: UInt64 = 0
    /// Requests that the champion answered because their arm's version could not.
    public var fallbacks: UInt64 = 0

    /// An experiment that has decided nothing yet.
    public init(experiment: String, algorithm: String, coverage: UInt32, arms: [SplitArm]) {
        self.experiment = experiment
        self.algorithm = algorithm
        self.coverage = coverage
        self.arms = arms
    }

    /// Decodes a `dien.v1.TrafficSplit`.
    public init(serialized bytes: RawSpan) throws(MessageError) { self = try unsafe Self.decode(bytes) }

    /// Encodes a `dien.v1.TrafficSplit`.
    public func serialized() -> [UInt8] { unsafe encode() }
}

extension TrafficSplit: @unsafe CMessage {
    static let descriptor = unsafe MessageDescriptor(of: dien__v1__traffic_split__init)

    init(copying message: Dien__V1__TrafficSplit) throws(MessageError) {
        unsafe self.init(
            experiment: text(message.experiment), algorithm: text(message.algorithm),
            coverage: message.coverage,
            arms: try messages(message.arms, message.n_arms, field: "arms"))
        enrolled = unsafe message.enrolled
        overridden = unsafe message.overridden
        notEnrolled = unsafe message.not_enrolled
        unassigned = unsafe message.unassigned
        fallbacks = unsafe message.fallbacks
    }

    func fill(_ message: inout Dien__V1__TrafficSplit, in arena: Arena) {
        unsafe message.experiment = unsafe arena.copy(experiment)
        unsafe message.algorithm = unsafe arena.copy(algorithm)
        unsafe message.coverage = coverage
        unsafe message.n_arms = arms.count
        unsafe message.arms = unsafe arena.copy(arms)
        unsafe message.enrolled = enrolled
        unsafe message.overridden = overridden
        unsafe message.not_enrolled = notEnrolled
        unsafe message.unassigned = unassigned
        unsafe message.fallbacks = fallbacks
    }
}
