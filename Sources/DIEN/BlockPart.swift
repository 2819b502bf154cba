/// One user's part of a block of candidates that are scored side by side.
struct BlockPart: Sendable {
    /// The request; its profile and context count.
    let input: ResolvedInput
    /// Which of its candidates.
    let candidates: Range<Int>
    /// Its user.
    let user: UserState
}
