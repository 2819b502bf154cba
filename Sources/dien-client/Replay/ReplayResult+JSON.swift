import Experiment
import Foundation
import GRPC

extension ReplayResult {
    /// One line of JSON, keys in snake case; times in milliseconds unless a name says otherwise.
    func json() throws -> String {
        try encodeJSON(Document(self), keys: .convertToSnakeCase)
    }

    private struct Document: Encodable {
        let planned, answered, failed, unreadable: Int
        let errors: [LoadResult.Document.Failure]
        let seconds, rate: Double
        let interrupted: Bool
        let latencyMs, serviceMs: LoadResult.Document.Summary
        let arms: [Arm]
        let repeated: Repeated
        let feedback: Feedback

        init(_ result: ReplayResult) {
            let recorder = result.recorder
            (planned, answered) = (result.planned, recorder.answered)
            (failed, unreadable) = (recorder.failed, recorder.unreadable)
            errors = recorder.failures.sorted { $0.key.rawValue < $1.key.rawValue }.map { code, count in
                LoadResult.Document.Failure(
                    status: "\(code)", count: UInt64(count), message: recorder.messages[code] ?? "")
            }
            (seconds, rate, interrupted) = (result.seconds, result.rate, result.signal != nil)
            latencyMs = LoadResult.Document.Summary(result.latency)
            serviceMs = LoadResult.Document.Summary(result.service)
            arms = result.arms.map(Arm.init)
            repeated = Repeated(requests: recorder.repeated.requests, equal: recorder.repeated.equal)
            feedback = Feedback(recorder.feedback, notReported: recorder.failedReports)
        }

        struct Repeated: Encodable {
            let requests, equal: Int
        }

        struct Feedback: Encodable {
            let accepted, late, early, unmatched, duplicate, invalid: UInt64
            let notReported: Int

            init(_ counts: Experiment.FeedbackCounts, notReported: Int) {
                (accepted, late, early) = (counts.accepted, counts.late, counts.early)
                (unmatched, duplicate, invalid) = (counts.unmatched, counts.duplicate, counts.invalid)
                self.notReported = notReported
            }
        }

        struct Arm: Encodable {
            let model, experiment, arm: String
            let versions: [UInt64]
            let users, requests, fallbacks, candidates: Int
            let impressions, clicks: Int?
            let auc, logLoss, pcoc: Figure?

            init(_ judged: Judged) {
                (model, experiment) = (judged.arm.model, judged.arm.experiment)
                (arm, versions) = (judged.arm.name, judged.versions)
                (users, requests) = (judged.users, judged.requests)
                (fallbacks, candidates) = (judged.fallbacks, judged.candidates)
                (impressions, clicks) = (judged.evaluation?.samples, judged.evaluation?.positives)
                auc = judged.evaluation.map { Figure($0.auc.estimate) }
                logLoss = judged.evaluation.map { Figure($0.logLoss.estimate) }
                pcoc = judged.evaluation?.calibration.ratio.map(Figure.init)
            }
        }

        struct Figure: Encodable {
            let value: Double
            let standardError: Double?

            init(_ estimate: Estimate) { (value, standardError) = (estimate.value, estimate.standardError) }
        }
    }
}
