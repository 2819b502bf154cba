internal import Tensors

/// What the head sees, in two parts: of the user profile, context and history sum s; of a candidate target e, e ∘ s where
/// the architecture has the product, and its interest.
struct HeadInput: Sendable {
    let hasProduct: Bool

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

    /// `workspace.candidateInput` [B, ·], of `workspace.targets` [B, D] and, where the input has it, `workspace.interest`.
    func assemble(
        _ parts: [BlockPart], hasInterest: Bool = true, _ kernels: Kernels, _ workspace: inout Workspace
    ) {
        let width = workspace.targets.columns
        let last = (hasProduct ? 2 : 1) * width
        workspace.candidateInput.resize(
            rows: workspace.targets.rows, columns: last + (hasInterest ? workspace.interest.columns : 0))
        kernels.copy(workspace.targets, into: &workspace.candidateInput)
        if hasInterest { kernels.copy(workspace.interest, into: &workspace.candidateInput, column: last) }
        guard hasProduct else { return }
        var first = 0
        for part in parts {
            let rows = first..<first + part.candidates.count
            kernels.multiply(
                workspace.targets, rows: rows, by: part.user.sum, into: &workspace.candidateInput,
                column: width)
            first = rows.upperBound
        }
    }

    /// A first layer of the candidates' input that starts from its user's row of `workspace.userPart`.
    static func layer(
        _ parts: [BlockPart], _ weights: PackedMatrix, _ kernels: Kernels, _ workspace: inout Workspace
    ) {
        guard parts.count > 1 else {
            return kernels.dense(
                workspace.candidateInput, weights, initial: workspace.userPart, into: &workspace.activations)
        }
        workspace.initial.resize(rows: workspace.candidateInput.rows, columns: weights.outputs)
        var n = 0
        for (u, part) in parts.enumerated() {
            for _ in part.candidates {
                workspace.initial.copyRow(u, of: workspace.userPart, toRow: n, column: 0)
                n += 1
            }
        }
        kernels.dense(
            workspace.candidateInput, weights, initial: workspace.initial, into: &workspace.activations)
    }
}
