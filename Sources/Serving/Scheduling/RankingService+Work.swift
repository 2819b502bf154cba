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
        // Requests of one version are scored side by side; most batches have one version alone.
        while let first = calls.first?.call.servable.network {
            let together = calls.filter { $0.call.servable.network === first }
            calls.removeAll { $0.call.servable.network === first }
            score(together, scheduler, &workspace)
        }
    }

    private func score(
        _ calls: [(job: RankingJob, call: OpenCall)], _ scheduler: ScoringScheduler,
        _ workspace: inout Workspace
    ) {
        let start = ContinuousClock.now
        let outcomes: [BatchedScores]
        if calls.count == 1, scheduler.idleThreads > 0 {
            outcomes = [scoreWithHelp(calls[0].call, scheduler, &workspace)]
        } else {
            outcomes = calls[0].call.servable.score(calls.map(\.call.batched), &workspace)
        }
        for ((job, call), outcome) in zip(calls, outcomes) {
            let response = job.answer { () throws(RPCError) in try close(call, outcome, start: start) }
            if let response { log(call, response, job.message) }
        }
    }

    /// Cut over the idle threads where it is large.
    private func scoreWithHelp(
        _ call: OpenCall, _ scheduler: ScoringScheduler, _ workspace: inout Workspace
    ) -> BatchedScores {
        let network = call.servable.network
        let (user, origin) = network.userState(of: call.input, in: call.servable.userStates, &workspace)
        let topAttention = Int(call.request.topAttention)
        let cut = CutScoring(network, call.input, user, topAttention: topAttention)
        let scores = Result { () throws(ScoringError) in
            guard let cut else {
                return try network.score(call.input, of: user, topAttention: topAttention, &workspace)
            }
            scheduler.share(cut, &workspace)
            return try cut.scores()
        }
        return BatchedScores(scores: scores, origin: origin)
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
