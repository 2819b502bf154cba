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
        score(calls, scheduler, &workspace)
    }

    /// Requests of one version are scored side by side; most batches have one version alone. A large one gains nothing from
    /// company, and would keep it waiting. Those of an arm that may be given up are a batch of their own, and those that it
    /// fails on come back for the champion.
    private func score(
        _ calls: [(job: RankingJob, call: OpenCall)], _ scheduler: ScoringScheduler,
        _ workspace: inout Workspace
    ) {
        var calls = calls
        while let first = calls.first?.call {
            func goesAlong(_ call: OpenCall) -> Bool {
                call.servable.network === first.servable.network && call.mayFallBack == first.mayFallBack
                    && !CutScoring.isLarge(call.input)
            }
            if CutScoring.isLarge(first.input) {
                calls += score(together: [calls.removeFirst()], scheduler, &workspace)
            } else {
                let together = calls.filter { goesAlong($0.call) }
                calls.removeAll { goesAlong($0.call) }
                calls += score(together: together, scheduler, &workspace)
            }
        }
    }

    /// Scores and answers calls of one version; those that the champion has to answer are returned.
    private func score(
        together calls: [(job: RankingJob, call: OpenCall)], _ scheduler: ScoringScheduler,
        _ workspace: inout Workspace
    ) -> [(job: RankingJob, call: OpenCall)] {
        let start = ContinuousClock.now
        var (staying, fallen) = (calls, [(job: RankingJob, call: OpenCall)]())
        var end: ContinuousClock.Instant?
        if calls[0].call.mayFallBack { (staying, fallen, end) = windows(of: calls, from: start) }
        guard let (job, call) = staying.first else { return fallen }
        if CutScoring.isLarge(call.input), scheduler.idleThreads > 0 {
            scoreWithHelp(job, call, scheduler, from: start, until: end, &workspace)
            return fallen
        }
        let outcomes = call.servable.score(staying.map(\.call.batched), until: end, &workspace)
        for ((job, call), outcome) in zip(staying, outcomes) {
            if let next = answer(job, call, outcome, start: start, scheduler) { fallen.append((job, next)) }
        }
        return fallen
    }

    /// Answers a call that was scored since `start`, or returns it as the champion's.
    private func answer(
        _ job: RankingJob, _ call: OpenCall, _ outcome: BatchedScores, start: ContinuousClock.Instant,
        _ scheduler: ScoringScheduler
    ) -> OpenCall? {
        do throws(RPCError) {
            switch try settle(call, outcome, start: start) {
            case .answered(let response):
                job.reply(.success(ByteBuffer(bytes: response.serialized())))
                log(call, response, job.message)
                offerShadow(call, outcome, scheduler)
            case .fallenBack(let next): return next
            }
        } catch {
            job.reply(.failure(error))
        }
        return nil
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

    /// A large call, cut over the idle threads; the last of them answers it.
    private func scoreWithHelp(
        _ job: RankingJob, _ call: OpenCall, _ scheduler: ScoringScheduler,
        from start: ContinuousClock.Instant, until end: ContinuousClock.Instant?,
        _ workspace: inout Workspace
    ) {
        do throws(ScoringError) {
            let (user, origin) = try call.servable.userState(of: call.input, until: end, &workspace)
            let cut = CutScoring(
                call.servable.network, call.input, user, topAttention: Int(call.request.topAttention),
                until: end
            ) { scores, workspace in
                let outcome = BatchedScores(scores: scores, origin: origin)
                guard let next = answer(job, call, outcome, start: start, scheduler) else { return }
                score([(job, next)], scheduler, &workspace)
            }
            scheduler.share(cut, &workspace)
        } catch {
            let outcome = BatchedScores(scores: .failure(error), origin: .computed)
            guard let next = answer(job, call, outcome, start: start, scheduler) else { return }
            score([(job, next)], scheduler, &workspace)
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
