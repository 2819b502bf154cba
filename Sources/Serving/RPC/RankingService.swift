import DIEN
import GRPC
import Messages
import NIOCore

/// `dien.v1.Ranking`: one user, N candidates, one probability each.
struct RankingService: Sendable {
    let table: CurrentTable
    let limits: ServingLimits

    /// Where a request becomes scores: route, check, score, answer.
    func rank(_ request: RankRequest, context: ServerContext) throws(RPCError) -> RankResponse {
        let received = ContinuousClock.now
        let table = table.snapshot
        let (servable, arm) = try table.servable(for: request.model)
        let input = RankingInput(request)
        try limits.check(input)
        try context.checkStillWanted()

        let scoringStart = ContinuousClock.now
        let scores = try servable.network.scores(of: input)
        let scoringEnd = ContinuousClock.now

        return RankResponse(
            scores: scores.probabilities,
            top: scores.top(Int(request.topK)),
            served: ServedBy(
                model: servable.model, version: servable.version, digest: servable.manifest.description, arm: arm,
                epoch: table.epoch),
            requestID: request.requestID,
            unknownIDs: scores.unknownIDs.map { UnknownIDs($0) },
            historyLength: UInt32(scores.historyLength),
            scoringMicroseconds: (scoringEnd - scoringStart).microseconds,
            serverMicroseconds: (scoringEnd - received).microseconds)
    }
}
