import Files
import ModelRegistry

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
            case .notARegistry, .alreadyExists, .invalidName, .invalidDigest, .invalidText, .unknownModel,
                .unknownVersion, .unknownAlias, .unknownEpoch, .targetExists:
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
}
