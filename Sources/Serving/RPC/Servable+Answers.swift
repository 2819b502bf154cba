import DIEN
import GRPC

extension Servable {
    /// Scores, with the state of the user from the cache where it is there.
    func scores(
        of input: RankingInput, topAttention: Int = 0, _ workspace: inout Workspace
    ) throws(RPCError) -> (scores: Scores, origin: UserStateOrigin) {
        let answer = try answering { () throws(ScoringError) in
            let resolved = try network.resolve(input)
            let (state, origin) = network.userState(of: resolved, in: userStates, &workspace)
            let scores = try network.score(resolved, of: state, topAttention: topAttention, &workspace)
            return (scores: scores, origin: origin)
        }
        try checkIsWhole()
        return answer
    }

    /// Has the state of a history in the cache when it returns.
    func prepare(
        _ history: [FeatureColumn], _ workspace: inout Workspace
    ) throws(RPCError) -> (input: ResolvedInput, origin: UserStateOrigin) {
        guard let userStates else {
            throw RPCError(
                code: .failedPrecondition,
                message: "this server keeps no user states; start it with --user-states above 0")
        }
        let input = try answering { () throws(ScoringError) in try network.resolve(history: history) }
        let origin = network.userState(of: input, in: userStates, &workspace).origin
        try checkIsWhole()
        return (input, origin)
    }

    /// Refuses to answer where pages of the model's files were lost: what was read instead of them were zeros. Asked after
    /// the work, since that is when it is known.
    private func checkIsWhole() throws(RPCError) {
        guard !network.isDamaged else {
            throw RPCError(
                code: .unavailable,
                message: "version \(version) of model '\(model)' has just lost pages of its files; try again")
        }
    }
}
