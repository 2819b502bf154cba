/// Why a candidate cannot be judged, or what was judged does not count here.
enum JudgingError: Error, CustomStringConvertible {
    /// Neither a split nor a shadow runs.
    case nothingTried(model: String)
    /// The split does not say by itself what is compared with what.
    case unclear(model: String, reason: String)
    /// A file is not what it has to be.
    case malformed(path: String, reason: String)
    /// The epoch names no evidence about the model.
    case noEvidence(epoch: UInt64, model: String)
    /// No verdict on the version in its running experiment is known.
    case notJudged(model: String, version: UInt64)
    /// The evidence is about something else than what is asked for.
    case otherTrial(reason: String)
    /// The evidence is too old.
    case stale(seconds: Int, limit: Int)
    /// The verdict is no PASS.
    case notPassed(reason: String)

    var description: String {
        switch self {
        case .nothingTried(let model):
            "no version of '\(model)' is tried; start a split or a shadow, then judge"
        case .unclear(let model, let reason): "'\(model)': \(reason)"
        case .malformed(let path, let reason): "\(path): \(reason)"
        case .noEvidence(let epoch, let model):
            "epoch \(epoch) names no evidence about '\(model)'; `log` tells which epochs do"
        case .notJudged(let model, let version):
            "no verdict on version \(version) of '\(model)' in its running experiment; give --from or --evidence"
        case .otherTrial(let reason): "the evidence does not count here: \(reason); judge again"
        case .stale(let seconds, let limit):
            "the evidence is \(seconds) s old, more than \(limit) s; judge again, or give --evidence-age"
        case .notPassed(let reason): "the verdict is no PASS: \(reason)"
        }
    }

    var status: ExitStatus {
        switch self {
        case .unclear, .noEvidence: .usage
        case .nothingTried, .notJudged, .otherTrial, .stale: .preconditionLost
        case .malformed, .notPassed: .verificationRefused
        }
    }
}
