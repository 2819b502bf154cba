import Experiment
import GRPC
import Messages

/// What came of a replay, arm by arm. A value that adds up; calls end on any thread, and who holds it locks it.
struct ReplayRecorder: Sendable {
    /// Who was to answer.
    struct Arm: Hashable, Comparable, Sendable {
        let model, experiment, name: String

        /// The arm that the unit belongs to, also where another answered: analyses go by the assignment.
        init(_ by: ServedBy) {
            (model, experiment) = (by.model, by.experiment)
            name = by.assignedArm.isEmpty ? by.arm : by.assignedArm
        }

        static func < (one: Arm, other: Arm) -> Bool {
            (one.model, one.experiment, one.name) < (other.model, other.experiment, other.name)
        }
    }

    /// One arm's candidates.
    struct Answers: Sendable {
        var requests = 0
        /// Those that another version than the arm's own answered.
        var fallbacks = 0
        var candidates = 0
        /// Versions that answered.
        var versions: Set<UInt64> = []
        var scores: [Float] = []
        var labels: [Bool] = []
        var users: [Int] = []
    }

    /// The times of one call, in nanoseconds of the same clock.
    struct Call: Sendable {
        /// When it was meant to start, when it was sent, when it ended.
        var intended, sent, ended: UInt64
    }

    private(set) var arms: [Arm: Answers] = [:]
    private(set) var answered = 0
    private(set) var failures: [StatusCode: Int] = [:]
    /// One message a status.
    private(set) var messages: [StatusCode: String] = [:]
    /// Logged requests that cannot be read.
    private(set) var unreadable = 0
    /// Answers of the version that answered then, and those of them that are equal to the bit.
    private(set) var repeated = (requests: 0, equal: 0)
    private(set) var feedback = Experiment.FeedbackCounts()
    /// Requests whose outcomes were not reported.
    private(set) var failedReports = 0
    /// From the intended start to the end of calls that were answered or ran out of time.
    private(set) var latency = LatencyHistogram()
    /// The same from the moment of sending.
    private(set) var service = LatencyHistogram()

    mutating func answered(_ request: ReplayedRequest, _ response: RankResponse, _ call: Call) {
        answered += 1
        record(call)
        let by = response.servedBy
        if let logged = request.logged, logged.digest == by.digest {
            repeated.requests += 1
            if logged.scores == response.scores { repeated.equal += 1 }
        }
        var answers = arms.removeValue(forKey: Arm(by)) ?? Answers()
        answers.requests += 1
        if !by.assignedArm.isEmpty, by.arm != by.assignedArm { answers.fallbacks += 1 }
        answers.candidates += response.scores.count
        answers.versions.insert(by.version)
        if request.labels.count == response.scores.count {
            answers.scores += response.scores
            answers.labels += request.labels
            answers.users += repeatElement(request.user, count: request.labels.count)
        }
        arms[Arm(by)] = answers
    }

    mutating func failed(_ error: RPCError, _ call: Call) {
        failures[error.code, default: 0] += 1
        if messages[error.code] == nil { messages[error.code] = error.message }
        // A call that nobody answered in time took at least that long; other failures say nothing of speed.
        if error.code == .deadlineExceeded { record(call) }
    }

    mutating func couldNotRead() { unreadable += 1 }

    mutating func reported(_ counts: Messages.FeedbackCounts) {
        feedback =
            feedback
            + Experiment.FeedbackCounts(
                accepted: counts.accepted, late: counts.late, early: counts.early,
                unmatched: counts.unmatched, duplicate: counts.duplicate, invalid: counts.invalid)
    }

    mutating func reportFailed(_ error: RPCError, requests: Int) {
        failedReports += requests
        if messages[error.code] == nil { messages[error.code] = error.message }
    }

    /// Calls that got no answer.
    var failed: Int { failures.values.reduce(0, +) }

    private mutating func record(_ call: Call) {
        latency.record(call.ended - min(call.ended, call.intended))
        service.record(call.ended - min(call.ended, call.sent))
    }
}
