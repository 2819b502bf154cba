import Messages

/// A behaviour that a candidate's score looked at.
struct AttendedBehaviour: Encodable, Equatable {
    /// Its place in the history that was sent, from 0 for the oldest.
    let position: Int
    /// Its first feature's identifier.
    let id: String
    let weight: Float
}

extension RankReport {
    /// What the score of a candidate looked at, the largest weight first; nil where that was not asked for.
    func attention(of candidate: Int) -> [AttendedBehaviour]? {
        guard response.attention.indices.contains(candidate) else { return nil }
        let attention = response.attention[candidate]
        let history = request.history.first
        return zip(attention.positions, attention.weights).map { position, weight in
            AttendedBehaviour(
                position: Int(position), id: history?.label(Int(position)) ?? "?", weight: weight)
        }
    }

    /// The same in one line below the candidate's.
    func attentionLines(of candidate: Int, indent: Int) -> [String] {
        guard let behaviours = attention(of: candidate), !behaviours.isEmpty else { return [] }
        let shown = behaviours.map { "\($0.id) \(fixed($0.weight, 3))" }
        return [String(repeating: " ", count: indent) + "looked at " + shown.joined(separator: ", ")]
    }
}
