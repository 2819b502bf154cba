import DIEN
import Datasets
import Experiment
import Files
import ModelRegistry
import OfflineEvaluation
import RequestLog

/// The exit statuses that scripts may rely on; 0 is success.
enum ExitStatus: Int32 {
    /// The command cannot be carried out as it is written.
    case usage = 2
    /// The registry moved on: look again, decide again.
    case preconditionLost = 3
    /// The version, or something stored, failed a check.
    case verificationRefused = 4
    /// The disk failed or is full.
    case inputOutput = 5

    /// The status for an error of the registry.
    init(_ error: RegistryError) {
        self =
            switch error {
            case .notARegistry, .alreadyExists, .invalidName, .invalidDigest, .invalidText, .invalidEvidence,
                .unknownModel, .unknownVersion, .unknownAlias, .unknownEpoch, .targetExists:
                .usage
            case .split(.invalid, _): .usage
            case .split: .preconditionLost
            case .epochMoved, .aliasMoved, .contended, .busy, .tagTaken, .nothingToRollBack: .preconditionLost
            case .unsupportedFormat, .unknownFile, .corruptState, .brokenChain, .corruptManifest,
                .missingBlob,
                .blobSize, .blobDigest, .missingModelFile, .sourceChanged, .corruptLease, .damaged,
                .corruptArchive,
                .refused,
                .file(.notRegularFile), .file(.tooLarge):
                .verificationRefused
            case .file, .uncertainCommit: .inputOutput
            }
    }

    /// The status for what goes wrong where models are loaded and judged on data; nil for anything else.
    init?(judging error: any Error) {
        switch error {
        case let error as JudgingError: self = error.status
        case ModelError.unreadableFile, DatasetError.file, is FileError, is OutputError: self = .inputOutput
        case RequestLogError.file: self = .inputOutput
        case is OfflineEvaluationError, is RequestLogError: self = .usage
        case is ModelError, is DatasetError, is ScoringError, is MetricError: self = .verificationRefused
        default: return nil
        }
    }
}
