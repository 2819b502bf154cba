import Experiment
import ExperimentMessages
import Files
import GRPC
import Messages

/// `dien.v1.Feedback`: outcomes of requests that were answered before.
struct FeedbackService: Sendable {
    let intake: OutcomeIntake

    /// One report.
    func report(_ request: ReportRequest) throws(RPCError) -> ReportResponse {
        ReportResponse(counts: Messages.FeedbackCounts(try take(request)))
    }

    /// A stream of reports, each counted as it comes: what a caller has sent before it leaves is counted.
    func report(_ requests: some AsyncSequence<ReportRequest, any Error>) async throws -> ReportResponse {
        var counts = Experiment.FeedbackCounts()
        for try await request in requests { counts = counts + (try take(request)) }
        return ReportResponse(counts: Messages.FeedbackCounts(counts))
    }

    private func take(_ request: ReportRequest) throws(RPCError) -> Experiment.FeedbackCounts {
        let now = WallClock.unixMilliseconds()
        var counts = Experiment.FeedbackCounts()
        for outcomes in request.outcomes {
            do throws(OutcomeIntake.Full) {
                counts = counts + (try intake.take(OutcomeIntake.Report(outcomes), now: now))
            } catch {
                throw RPCError(
                    code: .resourceExhausted,
                    message: "outcomes: no memory is left to recognise duplicates; raise --feedback-items, "
                        + "or repeat the report after an eighth of the attribution window")
            }
        }
        return counts
    }
}

extension OutcomeIntake.Report {
    fileprivate init(_ outcomes: RequestOutcomes) {
        self.init(
            token: outcomes.feedbackToken, requestID: outcomes.requestID,
            items: outcomes.items.map { item in
                (
                    item.position,
                    Outcome(
                        probability: Double(item.score), isImpression: item.impression, isClick: item.click,
                        isConversion: item.conversion, revenue: item.revenue, cost: item.cost)
                )
            })
    }
}
