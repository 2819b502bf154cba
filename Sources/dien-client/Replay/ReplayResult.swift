import Experiment

/// What came of a replay.
struct ReplayResult {
    /// One arm, judged by the scores that it gave.
    struct Judged {
        let arm: ReplayRecorder.Arm
        let versions: [UInt64]
        let requests, fallbacks, candidates, users: Int
        /// Nil where there are no labels, or those of one class.
        let evaluation: Evaluation?
    }

    let recorder: ReplayRecorder
    let planned: Int
    let seconds: Double
    let signal: Int32?
    let arms: [Judged]

    init(_ outcome: ReplayRun.Outcome, planned: Int) {
        (recorder, seconds, signal) = (outcome.recorder, outcome.seconds, outcome.signal)
        self.planned = planned
        arms = recorder.arms.sorted { $0.key < $1.key }.map { arm, answers in
            let groups = SampleGroups(answers.users)
            let scores = try? LabelledScores(answers.scores, labels: answers.labels)
            return Judged(
                arm: arm, versions: answers.versions.sorted(), requests: answers.requests,
                fallbacks: answers.fallbacks, candidates: answers.candidates, users: groups.count,
                evaluation: scores.flatMap { try? Evaluation($0, groups: groups) })
        }
    }

    /// Whether something was not answered, or not reported.
    var isFailure: Bool {
        recorder.failed > 0 || recorder.failedReports > 0 || recorder.unreadable > 0 || recorder.answered == 0
    }

    /// Answers a second.
    var rate: Double { Double(recorder.answered) / max(seconds, 1e-9) }
    var latency: LatencySummary { LatencySummary(recorder.latency) }
    var service: LatencySummary { LatencySummary(recorder.service) }
}
