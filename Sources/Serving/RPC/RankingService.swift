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
    let workspaces = Workspaces()
    let logger: Logger

    /// Where a request becomes scores: route, check, score, answer.
    func rank(_ request: RankRequest, context: ServerContext) throws(RPCError) -> RankResponse {
        try answered(
            request.model, unit: request.routingKey, context,
            check: { () throws(RPCError) in try limits.check(request) }
        ) { call throws(RPCError) in try rank(request, call) }
    }

    /// Computes what a `rank` will need of the user, and keeps it.
    func prepare(_ request: PrepareRequest, context: ServerContext) throws(RPCError) -> PrepareResponse {
        try answered(
            request.model, unit: request.routingKey, context,
            check: { () throws(RPCError) in try limits.check(request) }
        ) { call throws(RPCError) in try prepare(request, call) }
    }

    /// A call with the version that answers it.
    private struct Call {
        let route: Route
        let epoch: UInt64
        let received: ContinuousClock.Instant
    }

    private func answered<Response>(
        _ model: ModelSpec, unit: String, _ context: ServerContext, check: () throws(RPCError) -> Void,
        _ answer: (Call) throws(RPCError) -> Response
    ) throws(RPCError) -> Response {
        let received = ContinuousClock.now
        let table = table.snapshot
        let route: Route
        do throws(RPCError) {
            try check()
            route = try table.route(of: model, unit: unit)
        } catch {
            unrouted.count(error.code)
            throw error
        }
        do throws(RPCError) {
            try context.checkStillAwaited()
            let response = try answer(Call(route: route, epoch: table.epoch, received: received))
            route.servable.counters.count(.ok)
            return response
        } catch {
            route.servable.counters.count(error.code)
            throw error
        }
    }

    private func rank(_ request: RankRequest, _ call: Call) throws(RPCError) -> RankResponse {
        let servable = call.route.servable
        let input = RankingInput(request)
        let scoringStart = ContinuousClock.now
        let (scores, origin) = try workspaces.borrow { workspace throws(RPCError) in
            try servable.scores(of: input, topAttention: Int(request.topAttention), &workspace)
        }
        let scoringEnd = ContinuousClock.now
        recentRequests.add(input, of: servable.model)
        let sent = request.history.first?.count ?? 0
        let counters = servable.counters
        counters.scoring.observe(scoringStart.duration(to: scoringEnd))
        counters.total.observe(call.received.duration(to: scoringEnd))
        counters.count(scores, historyLength: sent)

        let requestID = request.requestID.isEmpty ? RequestID.random() : request.requestID
        logger.debug("ranked", metadata: call.route.logMetadata(requestID: requestID, epoch: call.epoch))
        return RankResponse(
            scores: scores.probabilities,
            top: scores.probabilities.positionsOfBest(Int(request.topK)),
            servedBy: ServedBy(call.route, epoch: call.epoch),
            requestID: requestID,
            totalMicroseconds: call.received.duration(to: scoringEnd).microseconds,
            scoringMicroseconds: scoringStart.duration(to: scoringEnd).microseconds,
            unknownIDs: scores.unknownIDs.map { Messages.UnknownIDs($0) },
            historyLength: UInt32(scores.historyLength),
            attention: scores.attention.map {
                CandidateAttention($0, dropped: max(0, sent - scores.historyLength))
            },
            userState: Messages.UserState(origin))
    }

    private func prepare(_ request: PrepareRequest, _ call: Call) throws(RPCError) -> PrepareResponse {
        let servable = call.route.servable
        let (input, origin) = try workspaces.borrow { workspace throws(RPCError) in
            try servable.prepare([DIEN.FeatureColumn](request.history), &workspace)
        }
        return PrepareResponse(
            servedBy: ServedBy(call.route, epoch: call.epoch), userState: Messages.UserState(origin),
            requestID: request.requestID.isEmpty ? RequestID.random() : request.requestID,
            historyLength: UInt32(input.historyLength),
            unknownIDs: input.unknownIDs.map { Messages.UnknownIDs($0) },
            totalMicroseconds: call.received.duration(to: .now).microseconds)
    }
}

extension Messages.UserState {
    fileprivate init(_ origin: UserStateOrigin) {
        self =
            switch origin {
            case .hit: .reused
            case .extended: .extended
            case .computed: .computed
            }
    }
}

extension Messages.UnknownIDs {
    fileprivate init(_ unknown: DIEN.UnknownIDs) {
        self.init(role: unknown.role.rawValue, feature: unknown.feature, count: UInt32(unknown.count))
    }
}

extension CandidateAttention {
    /// - Parameter dropped: behaviours that were sent before those that the model used.
    fileprivate init(_ attention: AttendedBehaviours, dropped: Int) {
        self.init(
            positions: attention.positions.map { UInt32($0 + dropped) }, weights: attention.weights)
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
