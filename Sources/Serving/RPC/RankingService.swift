import DIEN
import DIENMessages
import GRPC
import Logging
import Messages
import ModelRegistry
import RequestLog

/// `dien.v1.Ranking`: one user, N candidates, one probability each.
struct RankingService: Sendable {
    let table: CurrentTable
    let limits: ServingLimits
    let recentRequests: RecentRequests
    /// Where requests are logged; nil: nowhere.
    var requestLog: RequestLogWriter?
    /// Counts requests by arm and unit, and signs what was served.
    var ledger = ExperimentLedger()
    /// Counts the calls for which no version was found; a version counts its own.
    var unrouted = VersionCounters()
    /// Of calls that are answered on their caller's thread.
    let workspaces = Workspaces()
    /// How long an arm's version may score before the champion answers.
    var candidateBudget = CandidateBudget.automatic
    /// Where it is told what becomes of arms; nil: nowhere.
    var journal: EventJournal?
    let logger: Logger

    /// Where a request becomes scores: route, check, score, answer. On the calling thread.
    func rank(_ request: RankRequest, context: ServerContext) throws(RPCError) -> RankResponse {
        var call = try open(request, context, received: .now)
        while true {
            let start = ContinuousClock.now
            let (timed, end) = timed(call, from: start)
            let outcome = workspaces.borrow { timed.servable.score([timed.batched], until: end, &$0)[0] }
            switch try settle(timed, outcome, start: start) {
            case .answered(let response): return response
            case .fallenBack(let next): call = next
            }
        }
    }

    /// Computes what a `rank` will need of the user, and keeps it. On the calling thread.
    func prepare(_ request: PrepareRequest, context: ServerContext) throws(RPCError) -> PrepareResponse {
        try workspaces.borrow { workspace throws(RPCError) in
            try prepare(request, context, received: .now, &workspace)
        }
    }

    /// Finds the version that answers, and checks the request against it; counts what is refused.
    func open(
        _ request: RankRequest, _ context: ServerContext, received: ContinuousClock.Instant
    ) throws(RPCError) -> OpenCall {
        let (route, epoch) = try route(request.model, unit: request.routingKey) { () throws(RPCError) in
            try limits.check(request)
        }
        let requestID = request.requestID.isEmpty ? RequestID.random() : request.requestID
        let recorder = ledger.open(route, unit: request.routingKey, requestID: requestID)
        do throws(RPCError) {
            return try counting(route, recorder) { () throws(RPCError) in
                try context.checkStillAwaited()
                let columns = RankingInput(request)
                let (route, input) = try answering { () throws(ScoringError) in
                    try resolve(columns, request, route, recorder, epoch: epoch)
                }
                return OpenCall(
                    request: request, requestID: requestID, route: route, epoch: epoch, recorder: recorder,
                    received: received, deadline: context.deadline, columns: columns, input: input)
            }
        } catch {
            route.trial?.withdraw()
            throw error
        }
    }

    /// The response to a call that was scored since `start`; counts it.
    func close(
        _ call: OpenCall, _ outcome: BatchedScores, start: ContinuousClock.Instant
    ) throws(RPCError) -> RankResponse {
        let end = ContinuousClock.now
        let servable = call.servable
        let fault: ArmSeries.BadEvent =
            if case .failure(.nonFinite) = outcome.scores { .nonFinite } else { .error }
        let scores = try counting(call.route, call.recorder, as: fault) { () throws(RPCError) in
            let scores = try answering { () throws(ScoringError) in try outcome.scores.get() }
            try servable.checkIsWhole()
            return scores
        }
        recentRequests.add(call.columns, of: servable.model)
        let sent = call.request.history.first?.count ?? 0
        let counters = servable.counters
        counters.wait.observe(call.received.duration(to: start))
        counters.scoring.observe(start.duration(to: end))
        counters.total.observe(call.received.duration(to: end))
        counters.count(scores, historyLength: sent)
        counters.count(.ok)
        call.recorder.recordScored(candidates: scores.probabilities.count)

        logger.debug(
            "ranked", metadata: call.route.logMetadata(requestID: call.requestID, epoch: call.epoch))
        return RankResponse(
            scores: scores.probabilities,
            top: scores.probabilities.positionsOfBest(Int(call.request.topK)),
            servedBy: ServedBy(call.route, epoch: call.epoch),
            requestID: call.requestID,
            totalMicroseconds: call.received.duration(to: end).microseconds,
            scoringMicroseconds: start.duration(to: end).microseconds,
            unknownIDs: scores.unknownIDs.map { Messages.UnknownIDs($0) },
            historyLength: UInt32(scores.historyLength),
            attention: scores.attention.map {
                CandidateAttention($0, dropped: max(0, sent - scores.historyLength))
            },
            userState: Messages.UserState(outcome.origin),
            feedbackToken: ledger.token(
                call.recorder, requestID: call.requestID, candidates: scores.probabilities.count,
                epoch: call.epoch))
    }

    /// `prepare` for a thread that has a workspace.
    func prepare(
        _ request: PrepareRequest, _ context: ServerContext, received: ContinuousClock.Instant,
        _ workspace: inout Workspace
    ) throws(RPCError) -> PrepareResponse {
        let (route, epoch) = try route(request.model, unit: request.routingKey) { () throws(RPCError) in
            try limits.check(request)
        }
        let (by, input, origin) = try counting(route) { () throws(RPCError) in
            do throws(RPCError) { try context.checkStillAwaited() } catch {
                route.trial?.withdraw()
                throw error
            }
            return try prepareState(request, route, epoch: epoch, &workspace)
        }
        by.servable.counters.count(.ok)
        return PrepareResponse(
            servedBy: ServedBy(by, epoch: epoch), userState: Messages.UserState(origin),
            requestID: request.requestID.isEmpty ? RequestID.random() : request.requestID,
            historyLength: UInt32(input.historyLength),
            unknownIDs: input.unknownIDs.map { Messages.UnknownIDs($0) },
            totalMicroseconds: received.duration(to: .now).microseconds)
    }

    private func route(
        _ model: ModelSpec, unit: String, check: () throws(RPCError) -> Void
    ) throws(RPCError) -> (Route, epoch: UInt64) {
        let table = table.snapshot
        do throws(RPCError) {
            try check()
            return (try table.route(of: model, unit: unit), table.epoch)
        } catch {
            unrouted.count(error.code)
            throw error
        }
    }

    /// Counts what a version refuses; and what an arm is to blame for, where there is a recorder of it. A request that no
    /// version takes is none of its arm's faults.
    private func counting<Value>(
        _ route: Route, _ recorder: ArmRecorder? = nil, as fault: ArmSeries.BadEvent = .error,
        _ body: () throws(RPCError) -> Value
    ) throws(RPCError) -> Value {
        do throws(RPCError) { return try body() } catch {
            route.servable.counters.count(error.code)
            if [.internal, .unavailable].contains(error.code) { recorder?.record(fault) }
            throw error
        }
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

extension Duration {
    /// Whole microseconds, rounded down.
    var microseconds: UInt64 {
        UInt64(components.seconds) * 1_000_000 + UInt64(components.attoseconds / 1_000_000_000_000)
    }
}
