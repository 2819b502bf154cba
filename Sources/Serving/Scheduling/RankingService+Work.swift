import DIEN
import GRPC
import Messages
import NIOCore

/// Calls as the threads of the scheduler do them: decoded, routed, scored, encoded.
extension RankingService: ScoringScheduler.Work {
    func expire(_ job: RankingJob) {
        unrouted.count(.deadlineExceeded)
        job.reply(
            .failure(RPCError(code: .deadlineExceeded, message: "the deadline passed before scoring began")))
    }

    func perform(_ jobs: [RankingJob], _ scheduler: ScoringScheduler, _ workspace: inout Workspace) {
        var calls: [(job: RankingJob, call: OpenCall)] = []
        for job in jobs {
            switch job.method {
            case .prepare:
                job.answer { () throws(RPCError) in
                    try prepare(
                        PrepareRequest(message: job.message), job.context, received: job.received, &workspace)
                }
            case .rank:
                do throws(RPCError) {
                    let request = try RankRequest(message: job.message)
                    calls.append((job, try open(request, job.context, received: job.received)))
                } catch {
                    job.reply(.failure(error))
                }
            }
        }
        // Requests of one version are scored side by side; most batches have one version alone. Those of an arm that may be
        // given up are a batch of their own, and those that it fails on come back for the champion.
        while let first = calls.first?.call {
            func isAlike(_ call: OpenCall) -> Bool {
                call.servable.network === first.servable.network && call.mayFallBack == first.mayFallBack
            }
            let together = calls.filter { isAlike($0.call) }
            calls.removeAll { isAlike($0.call) }
            calls += score(together, scheduler, &workspace)
        }
    }

    /// Scores and answers calls of one version; those that the champion has to answer are returned.
    private func score(
        _ calls: [(job: RankingJob, call: OpenCall)], _ scheduler: ScoringScheduler,
        _ workspace: inout Workspace
    ) -> [(job: RankingJob, call: OpenCall)] {
        let start = ContinuousClock.now
        var (staying, fallen) = (calls, [(job: RankingJob, call: OpenCall)]())
        var end: ContinuousClock.Instant?
        if calls[0].call.mayFallBack { (staying, fallen, end) = windows(of: calls, from: start) }
        guard !staying.isEmpty else { return fallen }
        let outcomes: [BatchedScores]
        if staying.count == 1, scheduler.idleThreads > 0 {
            outcomes = [scoreWithHelp(staying[0].call, scheduler, until: end, &workspace)]
        } else {
            outcomes = staying[0].call.servable.score(staying.map(\.call.batched), until: end, &workspace)
        }
        for ((job, call), outcome) in zip(staying, outcomes) {
            do throws(RPCError) {
                switch try settle(call, outcome, start: start) {
                case .answered(let response):
                    job.reply(.success(ByteBuffer(bytes: response.serialized())))
                    log(call, response, job.message)
                    offerShadow(call, outcome, scheduler)
                case .fallenBack(let next): fallen.append((job, next))
                }
            } catch {
                job.reply(.failure(error))
            }
        }
        return fallen
    }

    /// The calls that the arm's version has time for, those that it has none for, and when the first of the former has to be
    /// given up.
    private func windows(
        of calls: [(job: RankingJob, call: OpenCall)], from start: ContinuousClock.Instant
    ) -> (
        staying: [(job: RankingJob, call: OpenCall)], fallen: [(job: RankingJob, call: OpenCall)],
        end: ContinuousClock.Instant?
    ) {
        var (staying, fallen) = ([(job: RankingJob, call: OpenCall)](), [(job: RankingJob, call: OpenCall)]())
        var end: ContinuousClock.Instant?
        for (job, call) in calls {
            let (timed, callEnd) = timed(call, from: start)
            if timed.mayFallBack {
                staying.append((job, timed))
                end = [end, callEnd].compactMap { $0 }.min()
            } else {
                fallen.append((job, timed))
            }
        }
        return (staying, fallen, end)
    }

    /// Has a copy of a call that was answered scored by the shadow, if there is one and the call is in its share.
    private func offerShadow(_ call: OpenCall, _ outcome: BatchedScores, _ scheduler: ScoringScheduler) {
        guard let shadow = call.route.shadow, shadow.samples(call.servable),
            case .success(let scores) = outcome.scores
        else { return }
        scheduler.shadows.offer(
            ShadowJob(
                shadow: shadow, champion: call.servable, columns: call.columns, input: call.input,
                scores: scores), scheduler.load)
    }

    /// Cut over the idle threads where it is large.
    private func scoreWithHelp(
        _ call: OpenCall, _ scheduler: ScoringScheduler, until end: ContinuousClock.Instant?,
        _ workspace: inout Workspace
    ) -> BatchedScores {
        let network = call.servable.network
        let topAttention = Int(call.request.topAttention)
        do throws(ScoringError) {
            let (user, origin) = try call.servable.userState(of: call.input, until: end, &workspace)
            let scores = Result { () throws(ScoringError) in
                if let cut = CutScoring(network, call.input, user, topAttention: topAttention, until: end) {
                    scheduler.share(cut, &workspace)
                    return try cut.scores()
                }
                guard let end else {
                    return try network.score(call.input, of: user, topAttention: topAttention, &workspace)
                }
                return try network.score(
                    call.input, of: user, topAttention: topAttention, &workspace
                ) { () throws(ScoringError) in try end.checkNotReached() }
            }
            return BatchedScores(scores: scores, origin: origin)
        } catch {
            return BatchedScores(scores: .failure(error), origin: .computed)
        }
    }
}

extension RankingJob {
    /// Ends the call with a message, which is returned, or with the error.
    @discardableResult
    fileprivate func answer<Message: ProtobufMessage>(_ body: () throws(RPCError) -> Message) -> Message? {
        do throws(RPCError) {
            let message = try body()
            reply(.success(ByteBuffer(bytes: message.serialized())))
            return message
        } catch {
            reply(.failure(error))
            return nil
        }
    }
}
