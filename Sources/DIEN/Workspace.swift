internal import Tensors

/// The memory that scoring works in: one a thread, reused by every request and every model that the thread scores.
///
/// Its matrices grow to the largest block that they have held and no further: a block has at most
/// ``ScoringPlan/blockCandidates`` candidates, and a user's side is computed ``ScoringPlan/blockSteps`` steps at a time.
public struct Workspace: ~Copyable, Sendable {
    /// What kernels work in.
    var scratch = KernelScratch()

    // The side of U users, for a block of R steps of theirs.
    var behaviours = Matrix(rows: 0, columns: 0)  // [R, D]
    var projections = Projections(steps: 0, hidden: 0)  // of a GRU, [R, 3H]
    var interests = Matrix(rows: 0, columns: 0)  // [U + R, H]: where each user stands, then the steps
    var secondInputs = Matrix(rows: 0, columns: 0)  // [R, H], of a second GRU over the steps
    var lastInterests = Matrix(rows: 0, columns: 0)  // [U, H]
    var lastFacts = Matrix(rows: 0, columns: 0)  // [U, F]

    // A block of B candidates.
    var candidates = CandidateParts(rows: 0, .none)
    var missing: [MissingCandidate] = []  // those of them that are not kept
    var computed = CandidateParts(rows: 0, .none)  // and what they are
    var attention = Matrix(rows: 0, columns: 0)  // [B, the longest T]
    var interest = Matrix(rows: 0, columns: 0)  // [B, interestSize]

    // The n candidates of one user among them.
    var userQueries = Matrix(rows: 0, columns: 0)  // [n, F]
    var userQueryParts = Matrix(rows: 0, columns: 0)  // [n, A1]
    var transposedQueries = Matrix(rows: 0, columns: 0)  // [F, n]
    var transposedScores = Matrix(rows: 0, columns: 0)  // [T, n]
    var userAttention = Matrix(rows: 0, columns: 0)  // [n, T]
    var userInterest = Matrix(rows: 0, columns: 0)  // [n, interestSize]

    // The head.
    var userInput = Matrix(rows: 0, columns: 0)  // [U, ·]
    var userPart = Matrix(rows: 0, columns: 0)  // [U, a first layer]
    var initial = Matrix(rows: 0, columns: 0)  // [B, a wide part]
    var candidateInput = Matrix(rows: 0, columns: 0)  // [B, ·]
    var sums = Matrix(rows: 0, columns: 0)  // [U, D]
    var wide = Matrix(rows: 0, columns: 0)  // [B, 1], of a wide part
    var activations = Matrix(rows: 0, columns: 0)  // [B, a layer of the head]
    var nextActivations = Matrix(rows: 0, columns: 0)  // [B, the next]
    var logits = Matrix(rows: 0, columns: 0)  // [B, 1], then probabilities

    /// One without memory, which grows as it is used.
    public init() {}

    /// Bytes of its memory.
    public var bytes: Int {
        let steps = behaviours.bytes + projections.bytes + interests.bytes + secondInputs.bytes
        let last = scratch.bytes + lastInterests.bytes + lastFacts.bytes
        let block = candidates.bytes + computed.bytes + attention.bytes + interest.bytes
        let queries = userQueries.bytes + userQueryParts.bytes + transposedQueries.bytes
        let scores = transposedScores.bytes + userAttention.bytes + userInterest.bytes
        let user = userInput.bytes + userPart.bytes + initial.bytes + sums.bytes
        let head = candidateInput.bytes + wide.bytes + activations.bytes + nextActivations.bytes
        return steps + last + block + queries + scores + user + head + logits.bytes
    }
}
