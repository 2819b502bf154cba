import Messages

/// A request to send, and what is known of it beforehand.
struct ReplayedRequest: Sendable {
    var message: RankRequest
    /// The user, by a number.
    var user: Int
    /// Whether each candidate was clicked; empty where that is not known.
    var labels: [Bool] = []
    /// What was answered then, and by which version.
    var logged: (scores: [Float], digest: String)?
}
