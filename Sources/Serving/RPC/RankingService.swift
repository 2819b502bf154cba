import DIEN
import GRPC
import Logging
import Messages
import ModelRegistry

/// `dien.v1.Ranking`: one user, N candidates, one probability each.
struct RankingService: Sendable {
    let table: CurrentTable
    let limits: ServingLimits
    let recentRequests: RecentRequests
    /// Counts the calls for which no version was found; a version counts its own.
    var unrouted = VersionCounters()
    let logger: Logger

    /// Where a request becomes scores: route, check, score, answer.
    func rank(_ request: RankRequest, context: ServerContext) throws(RPCError) -> RankResponse {
        let received = ContinuousClock.now
        let table = table.snapshot
        let route: Route
        do throws(RPCError) {
            try limits.check(request)
            route = try table.route(of: request)
        } catch {
            unrouted.count(error.code)
            throw error
        }
        do throws(RPCError) {
            let response = try answer(request, by: route, epoch: table.epoch, context, received: received)
            route.servable.counters.count(.ok)
            return response
        } catch {
            route.servable.counters.count(error.code)
            throw error
        }
    }

    private func answer(
        _ request: RankRequest, by route: Route, epoch: UInt64, _ context: ServerContext,
        received: ContinuousClock.Instant
    ) throws(RPCError) -> RankResponse {
        try context.checkStillAwaited()
        let input = RankingInput(request)
        let scoringStart = ContinuousClock.now
        let scores = try route.servable.scores(of: input)
        let scoringEnd = ContinuousClock.now
        recentRequests.add(input, of: route.servable.model)
        let counters = route.servable.counters
        counters.scoring.observe(scoringStart.duration(to: scoringEnd))
        counters.total.observe(received.duration(to: scoringEnd))
        counters.count(scores, historyLength: request.history.first?.count ?? 0)

        let requestID = request.requestID.isEmpty ? RequestID.random() : request.requestID
        logger.debug("ranked", metadata: route.logMetadata(requestID: requestID, epoch: epoch))
        return RankResponse(
            scores: scores.probabilities,
            top: scores.probabilities.positionsOfBest(Int(request.topK)),
            servedBy: ServedBy(route, epoch: epoch),
            requestID: requestID,
            totalMicroseconds: received.duration(to: scoringEnd).microseconds,
            scoringMicroseconds: scoringStart.duration(to: scoringEnd).microseconds,
            unknownIDs: scores.unknownIDs.map { unknown in
                Messages.UnknownIDs(
                    role: unknown.role.rawValue, feature: unknown.feature, count: UInt32(unknown.count))
            },
            historyLength: UInt32(scores.historyLength))
    }
}

extension ServedBy {
    /// Everything that an answer can be explained and repeated by.
    fileprivate init(_ route: Route, epoch: UInt64) {
        self.init(
            model: route.servable.model, version: route.servable.version,
            digest: route.servable.manifest.description, arm: route.arm, registryEpoch: epoch,
            assignedArm: route.assignedArm, experiment: route.experiment)
    }
}

extension Route {
    /// Who answered and who was assigned, for the log.
    fileprivate func logMetadata(requestID: String, epoch: UInt64) -> Logger.Metadata {
        [
            "request": "\(requestID)", "model": "\(servable.model)", "version": "\(servable.version)",
            "served": "\(arm)", "assigned": "\(assignedArm)", "experiment": "\(experiment)",
            "epoch": "\(epoch)",
        ]
    }
}

extension ServerContext {
    /// No model work starts for a caller who has gone or whose deadline has passed.
    func checkStillAwaited() throws(RPCError) {
        if Task.isCancelled { throw RPCError(code: .cancelled, message: "the caller cancelled") }
        if let deadline, deadline.hasPassed() {
            throw RPCError(code: .deadlineExceeded, message: "the deadline passed before scoring began")
        }
    }
}

extension [Float] {
    /// Positions of the `count` largest values, largest first, equal ones in order.
    func positionsOfBest(_ count: Int) -> [UInt32] {
        guard count > 0 else { return [] }
        let order = indices.sorted { (self[$0], $1) > (self[$1], $0) }
        return order.prefix(count).map { UInt32($0) }
    }
}

extension Duration {
    /// Whole microseconds, rounded down.
    var microseconds: UInt64 {
        UInt64(components.seconds) * 1_000_000 + UInt64(components.attoseconds / 1_000_000_000_000)
    }
}
