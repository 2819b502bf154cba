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
}
