import DIEN
import GRPC

extension Servable {
    /// Scores, with the states of the users from the cache where they are there.
    func score(_ requests: [BatchedRequest], _ workspace: inout Workspace) -> [BatchedScores] {
        network.score(requests, in: userStates, &workspace)
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
    func checkIsWhole() throws(RPCError) {
        guard !network.isDamaged else {
            throw RPCError(
                code: .unavailable,
                message: "version \(version) of model '\(model)' has just lost pages of its files; try again")
        }
    }
}
