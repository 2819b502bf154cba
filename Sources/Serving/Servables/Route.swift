import Experiment

/// Who answers a request, and why.
struct Route: Sendable {
    /// The version that answers.
    let servable: Servable
    /// The arm that it answers for.
    let arm: String
    /// The arm that the routing key was assigned to; empty outside experiments.
    let assignedArm: String
    /// The experiment, by its salt; empty where the request takes no part in one.
    let experiment: String
    /// The arm whose counters the request belongs to, whoever answers.
    let counted: ArmIdentity
    /// Whether the champion answers because the arm's version cannot.
    var isFallback = false
    /// What watches the arm; nil outside experiments, and where the champion answers in the arm's place.
    var trial: Trial?
    /// What scores a copy of some of these requests; nil: nothing.
    var shadow: ServedShadow?

    /// The arm of requests that pin a version.
    static func pinnedArm(_ version: UInt64) -> String { "version-\(version)" }
}

extension Route {
    /// A request outside every experiment, counted under the arm that answers.
    init(_ servable: Servable, arm: String, experiment: String = "") {
        self.init(
            servable: servable, arm: arm, assignedArm: "", experiment: experiment,
            counted: ArmIdentity(model: servable.model, experiment: "", arm: arm, version: servable.version))
    }
}
