internal import Tensors

/// The memory that scoring works in: one a thread, reused by every request and every model that the thread scores.
///
/// Its matrices grow to the largest block that they have held and no further: a block has at most
/// ``ScoringPlan/blockCandidates`` candidates, and a user's side is computed ``ScoringPlan/blockSteps`` steps at a time.
public struct Workspace: ~Copyable, Sendable {
    // A user's side, for a block of steps.
    var behaviours = Matrix(rows: 0, columns: 0)  // [k, D]
    var projections = Projections(steps: 0, hidden: 0)  // of the extractor; of AIGRU for a candidate, [T, 3H]
    var interests = Matrix(rows: 0, columns: 0)  // [k, H], where they are not the facts
    var lastFact = Matrix(rows: 0, columns: 0)  // [1, F]

    // A block of candidates.
    var targets = Matrix(rows: 0, columns: 0)  // [B, D]
    var queries = Matrix(rows: 0, columns: 0)  // [B, F]
    var queryParts = Matrix(rows: 0, columns: 0)  // [B, A1]
    var transposedQueries = Matrix(rows: 0, columns: 0)  // [F, B]
    var transposedScores = Matrix(rows: 0, columns: 0)  // [T, B]
    var attention = Matrix(rows: 0, columns: 0)  // [B, T]
    var states = Matrix(rows: 0, columns: 0)  // [T, H] of AIGRU for a candidate
    var interest = Matrix(rows: 0, columns: 0)  // [B, interestSize]

    // The head.
    var profile = Matrix(rows: 0, columns: 0)  // [1, ·]
    var context = Matrix(rows: 0, columns: 0)  // [1, ·]
    var userInput = Matrix(rows: 0, columns: 0)  // [1, ·]
    var userPart = Matrix(rows: 0, columns: 0)  // [1, first layer of the head]
    var candidateInput = Matrix(rows: 0, columns: 0)  // [B, ·]
    var wideInput = Matrix(rows: 0, columns: 0)  // [B, 2D]
    var wide = Matrix(rows: 0, columns: 0)  // [B, 1]
    var activations = Matrix(rows: 0, columns: 0)  // [B, a layer of the head]
    var nextActivations = Matrix(rows: 0, columns: 0)  // [B, the next]
    var logits = Matrix(rows: 0, columns: 0)  // [B, 1], then probabilities

    /// One without memory, which grows as it is used.
    public init() {}

    /// Bytes of its memory.
    public var bytes: Int {
        let user = behaviours.bytes + projections.bytes + interests.bytes + lastFact.bytes
        let queries = targets.bytes + queries.bytes + queryParts.bytes + transposedQueries.bytes
        let interest = transposedScores.bytes + attention.bytes + states.bytes + interest.bytes
        let input = profile.bytes + context.bytes + userInput.bytes + userPart.bytes + candidateInput.bytes
        let head = wideInput.bytes + wide.bytes + activations.bytes + nextActivations.bytes + logits.bytes
        return user + queries + interest + input + head
    }
}
