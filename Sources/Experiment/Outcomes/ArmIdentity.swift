/// What counters belong to: an arm of an experiment on a model, with the version that it stands for. An arm whose version changes
/// is another one, and begins with nothing.
public struct ArmIdentity: Sendable, Hashable, Codable {
    /// The model's name.
    public let model: String
    /// The experiment, by its salt; empty for requests outside experiments.
    public let experiment: String
    /// The arm's name; outside experiments the alias that was followed, or "version-N".
    public let arm: String
    /// The version that it stands for.
    public let version: UInt64

    /// An arm.
    public init(model: String, experiment: String, arm: String, version: UInt64) {
        self.model = model
        self.experiment = experiment
        self.arm = arm
        self.version = version
    }

    /// A hash of all but the version: what a signed request names the arm by. None of the names can contain a NUL.
    public var hash: UInt64 { ServedRequest.hash("\(model)\0\(experiment)\0\(arm)") }
}
