internal import Tensors

/// What a plan computes once a user, from the history alone: what is left to do for each candidate needs both.
///
/// Immutable and shared by threads. A state that goes on from another shares the rows of the steps that both have.
public final class UserState: Sendable {
    /// How many behaviours it has seen, T: those that count, without padding.
    public let steps: Int
    /// Bytes of memory that it keeps, room for later steps included.
    public let bytes: Int
    /// The sum of the behaviours, [1, D].
    let sum: Matrix
    /// The extractor's last state, [1, H]; all zero before the first step.
    let lastInterest: Matrix
    /// What attention looks at, [T, F].
    let facts: Matrix
    /// Their part of an attention network's first layer, [T, A1].
    let keyParts: Matrix
    /// The evolution layer's, as ``StepMatrices/projections``.
    let projections: SharedProjections
    /// Where these T rows stand, and by now perhaps later ones.
    let rows: StepRows

    init(
        steps: Int, sum: consuming Matrix, lastInterest: consuming Matrix, rows: StepRows
    ) {
        self.steps = steps
        self.sum = sum
        self.lastInterest = lastInterest
        self.rows = rows
        facts = rows.facts(steps)
        keyParts = rows.keyParts(steps)
        projections = SharedProjections(rows.projections(0..<steps))
        bytes = rows.bytes + self.sum.bytes + self.lastInterest.bytes
    }
}
