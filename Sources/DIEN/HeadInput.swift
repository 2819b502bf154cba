internal import Tensors

/// What a first layer sees, in two parts: of the user profile, context and history sum s; of a candidate of that user, as
/// far as the layer has them, its target e, e ∘ s, and its interest.
struct HeadInput: Sendable {
    let hasTarget: Bool
    let hasProduct: Bool
    let hasInterest: Bool

    /// `workspace.userInput` [U, ·], a row a part of the block.
    func assembleUsers(
        _ parts: [BlockPart], _ embeddings: Embeddings, _ kernels: Kernels, _ workspace: inout Workspace
    ) {
        let profile = parts[0].input.profile
        let context = parts[0].input.context
        let first = profile.features.count * embeddings.size
        let last = first + context.features.count * embeddings.size
        workspace.userInput.resize(rows: parts.count, columns: last + parts[0].user.sum.columns)
        for (u, part) in parts.enumerated() {
            embeddings.copyVectors(
                of: part.input.profile, 0..<part.input.profile.count, into: &workspace.userInput, row: u)
            embeddings.copyVectors(
                of: part.input.context, 0..<part.input.context.count, into: &workspace.userInput, row: u,
                column: first)
            kernels.copy(part.user.sum, into: &workspace.userInput, row: u, column: last)
        }
    }

    /// `workspace.candidateInput` [B, ·], of the candidates' targets [B, D], their users' sums, and `workspace.interest`.
    func assemble(_ parts: [BlockPart], _ kernels: Kernels, _ workspace: inout Workspace) {
        let (count, width) = (workspace.candidates.targets.rows, workspace.candidates.targets.columns)
        let product = hasTarget ? width : 0
        let last = product + (hasProduct ? width : 0)
        workspace.candidateInput.resize(
            rows: count, columns: last + (hasInterest ? workspace.interest.columns : 0))
        if hasTarget { kernels.copy(workspace.candidates.targets, into: &workspace.candidateInput) }
        if hasInterest { kernels.copy(workspace.interest, into: &workspace.candidateInput, column: last) }
        guard hasProduct else { return }
        for (part, rows) in parts.rowRanges {
            kernels.multiply(
                workspace.candidates.targets, rows: rows, by: part.user.sum, into: &workspace.candidateInput,
                column: product)
        }
    }

    /// Adds to each row of a block its user's row of `userParts` [U, ·]: what a first layer of the candidates starts from.
    static func addUsers(
        _ parts: [BlockPart], _ userParts: borrowing Matrix, _ kernels: Kernels, into initial: inout Matrix
    ) {
        for (user, (_, rows)) in parts.rowRanges.enumerated() {
            kernels.add(userParts, row: user, toEach: rows, of: &initial)
        }
    }
}

extension [BlockPart] {
    /// The rows of the block that are each part's.
    fileprivate var rowRanges: [(part: BlockPart, rows: Range<Int>)] {
        var first = 0
        return map { part in
            defer { first += part.candidates.count }
            return (part, first..<first + part.candidates.count)
        }
    }
}
