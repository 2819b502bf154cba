import DIEN
import DIENMessages
import GRPC
import Messages
import ModelRegistry

/// Requests that an experiment gave to an arm: whatever the arm's version does, the caller gets an answer of the champion.
extension RankingService {
    /// What becomes of a call that was scored.
    enum Settlement {
        case answered(RankResponse)
        /// The champion is to be asked.
        case fallenBack(OpenCall)
    }

    /// Answers a call that was scored since `start`, or passes it on to the champion, and tells the arm's watch.
    func settle(
        _ call: OpenCall, _ outcome: BatchedScores, start: ContinuousClock.Instant
    ) throws(RPCError) -> Settlement {
        guard let trial = call.route.trial else {
            return .answered(try close(call, outcome, start: start))
        }
        let (limit, _) = budget(of: call.servable, trial)
        let (fault, detail) = fault(of: call, outcome, took: start.duration(to: .now), limit: limit)
        trial.record(
            fault, call.recorder, unit: call.request.routingKey, detail: detail, call.epoch, journal)
        if let fault, !outcome.isUsable || fault == .error, let next = fallBack(call, FallbackReason(fault)) {
            return .fallenBack(next)
        }
        let response = try close(call, outcome, start: start)
        trial.split.countServed(trial.arm)
        return .answered(response)
    }

    /// The call as it is to be scored from now on, and until when; nil where it may take its time, since nothing else answers.
    /// It is the champion's where the caller's deadline leaves no time for both.
    func timed(
        _ call: OpenCall, from start: ContinuousClock.Instant
    ) -> (call: OpenCall, end: ContinuousClock.Instant?) {
        guard let trial = call.route.trial, trial.hasFallback else { return (call, nil) }
        let (limit, champion) = budget(of: call.servable, trial)
        let window = ScoringWindow(
            from: start, budget: limit, deadline: call.deadline?.instant,
            champion: (champion.quantile(0.5), champion.quantile(0.99)))
        if let window { return (call, window.end) }
        guard let next = fallBack(call, .noTime) else { return (call, nil) }
        trial.withdraw()
        return (next, nil)
    }

    /// The same call for the champion; nil where there is none that takes it.
    func fallBack(_ call: OpenCall, _ reason: FallbackReason) -> OpenCall? {
        guard let champion = call.route.trial?.champion,
            let input = try? champion.resolve(call.columns, call.request),
            let route = call.route.fallingBack(reason)
        else { return nil }
        return OpenCall(
            request: call.request, requestID: call.requestID, route: route, epoch: call.epoch,
            recorder: call.recorder, received: call.received, deadline: call.deadline, columns: call.columns,
            input: input)
    }

    /// A request's input for the version that was chosen; for the champion's where that one takes it and the arm's does not:
    /// it is none of the caller's mistakes then.
    func resolve(
        _ columns: RankingInput, _ request: RankRequest, _ route: Route, _ recorder: ArmRecorder,
        epoch: UInt64
    ) throws(ScoringError) -> (Route, ResolvedInput) {
        do {
            return (route, try route.servable.resolve(columns, request))
        } catch {
            guard let trial = route.trial, let champion = trial.champion,
                let input = try? champion.resolve(columns, request), let next = route.fallingBack(.error)
            else { throw error }
            trial.record(
                .error, recorder, unit: request.routingKey,
                detail: "it refuses what the champion takes: \(error)",
                epoch, journal)
            return (next, input)
        }
    }

    /// Has the state of a history in the cache of the version that answers.
    func prepareState(
        _ request: PrepareRequest, _ route: Route, epoch: UInt64, _ workspace: inout Workspace
    ) throws(RPCError) -> (route: Route, input: ResolvedInput, origin: UserStateOrigin) {
        let history = [DIEN.FeatureColumn](request.history)
        guard let trial = route.trial, trial.hasFallback else {
            let (input, origin) = try route.servable.prepare(history, &workspace)
            return (route, input, origin)
        }
        let end = ContinuousClock.now + budget(of: route.servable, trial).limit
        do throws(RPCError) {
            let (input, origin) = try route.servable.prepare(history, &workspace) {
                () throws(ScoringError) in try end.checkNotReached()
            }
            trial.withdraw()
            return (route, input, origin)
        } catch {
            guard let fault = VersionFault(ofPreparing: error),
                let next = route.fallingBack(FallbackReason(fault))
            else {
                trial.withdraw()
                throw error
            }
            trial.record(
                fault, nil, unit: request.routingKey, detail: error.message, epoch, journal)
            let (input, origin) = try next.servable.prepare(history, &workspace)
            return (next, input, origin)
        }
    }

    /// What an arm's version may take, and what the champion's takes.
    private func budget(
        of servable: Servable, _ trial: Trial
    ) -> (limit: Duration, champion: DurationHistogram.Counts) {
        let champion = (trial.champion ?? servable).counters.scoring.counts
        return (candidateBudget.limit(champion: champion), champion)
    }

    /// What the version of a call did wrong, and in which words; nil: nothing.
    private func fault(
        of call: OpenCall, _ outcome: BatchedScores, took: Duration, limit: Duration
    ) -> (VersionFault?, detail: String) {
        if call.servable.network.isDamaged { return (.error, "pages of its files were lost") }
        switch outcome.scores {
        case .success where took <= limit: return (nil, "")
        case .success, .failure(.abandoned):
            return (.overBudget, "\(took.microseconds) µs of scoring, \(limit.microseconds) were allowed")
        case .failure(let error):
            if case .nonFinite = error { return (.nonFinite, error.description) }
            return (.error, error.description)
        }
    }
}

extension VersionFault {
    /// Nil where the request is to blame, or the server.
    fileprivate init?(ofPreparing error: RPCError) {
        switch error.code {
        case .deadlineExceeded: self = .overBudget
        case .unavailable: self = .error
        default: return nil
        }
    }
}

extension BatchedScores {
    fileprivate var isUsable: Bool { if case .success = scores { true } else { false } }
}
