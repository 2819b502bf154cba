import DIEN
import GRPC
import Messages

extension Servable {
    /// Scores, with the states of the users from the cache where they are there; what is not done at `end` is abandoned.
    func score(
        _ requests: [BatchedRequest], until end: ContinuousClock.Instant?, _ workspace: inout Workspace
    ) -> [BatchedScores] {
        guard let end else { return network.score(requests, in: userStates, &workspace) }
        return network.score(requests, in: userStates, &workspace) { () throws(ScoringError) in
            try end.checkNotReached()
        }
    }

    /// The state of a request's user, from the cache where it is there; abandoned where it is not done at `end`.
    func userState(
        of input: ResolvedInput, until end: ContinuousClock.Instant?, _ workspace: inout Workspace
    ) throws(ScoringError) -> (state: DIEN.UserState, origin: UserStateOrigin) {
        guard let end else { return network.userState(of: input, in: userStates, &workspace) }
        return try network.userState(of: input, in: userStates, &workspace) { () throws(ScoringError) in
            try end.checkNotReached()
        }
    }

    /// A request's rows, once the version says that it can score it.
    func resolve(_ columns: RankingInput, _ request: RankRequest) throws(ScoringError) -> ResolvedInput {
        let input = try network.resolve(columns)
        try network.checkAttention(Int(request.topAttention))
        return input
    }

    /// Has the state of a history in the cache when it returns. Given up with DEADLINE_EXCEEDED where `goOn` throws.
    func prepare(
        _ history: [DIEN.FeatureColumn], _ workspace: inout Workspace,
        asking goOn: () throws(ScoringError) -> Void = {}
    ) throws(RPCError) -> (input: ResolvedInput, origin: UserStateOrigin) {
        guard let userStates else {
            throw RPCError(
                code: .failedPrecondition,
                message: "this server keeps no user states; start it with --user-states above 0")
        }
        let input = try answering { () throws(ScoringError) in try network.resolve(history: history) }
        let origin = try answering { () throws(ScoringError) in
            try network.userState(of: input, in: userStates, &workspace, asking: goOn).origin
        }
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

extension ContinuousClock.Instant {
    /// Throws `abandoned` from this moment on.
    func checkNotReached() throws(ScoringError) {
        if ContinuousClock.now >= self { throw .abandoned }
    }
}
