internal import Tensors

/// What the head sees, in two parts: of the user profile, context and history sum s; of a candidate target e, e ∘ s where
/// the architecture has the product, and its interest.
struct HeadInput: Sendable {
    let hasProduct: Bool

    /// `workspace.userInput` [1, ·], of `workspace.profile` and `workspace.context`, which are [1, ·] or empty.
    func assembleUser(sum: borrowing Matrix, _ kernels: Kernels, _ workspace: inout Workspace) {
        let profile = workspace.profile.columns
        let context = workspace.context.columns
        workspace.userInput.resize(rows: 1, columns: profile + context + sum.columns)
        kernels.copy(workspace.profile, into: &workspace.userInput)
        kernels.copy(workspace.context, into: &workspace.userInput, column: profile)
        kernels.copy(sum, into: &workspace.userInput, column: profile + context)
    }

    /// Targets [N, D] and interests [N, interestSize] → [N, ·].
    func assemble(
        targets: borrowing Matrix, sum: borrowing Matrix, interests: borrowing Matrix, _ kernels: Kernels,
        into input: inout Matrix
    ) {
        let width = targets.columns
        let last = (hasProduct ? 2 : 1) * width
        input.resize(rows: targets.rows, columns: last + interests.columns)
        kernels.copy(targets, into: &input)
        if hasProduct {
            for n in 0..<targets.rows {
                let target = targets.row(n)
                let total = sum.row(0)
                var row = input.mutableRow(n)
                for j in 0..<width { row[width + j] = target[j] * total[j] }
            }
        }
        kernels.copy(interests, into: &input, column: last)
    }
}
