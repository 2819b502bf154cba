internal import Files

extension RegistryError: CustomStringConvertible {
    /// One line: the thing, what is wrong with it, the mend.
    public var description: String {
        switch self {
        case .file(let error): error.isDiskFull ? "\(error); free space and run it again" : "\(error)"
        case .uncertainCommit(let epoch, let error):
            "epoch \(epoch) is visible but may not survive a power loss (\(error)); check the disk, then `log`"
        case .notARegistry(let path):
            "\(path) is not a registry; create one with `dien-registry init \(path)`"
        case .unsupportedFormat(let path):
            "\(path): this program reads only {\"dien_registry\":1}; use a newer one"
        case .alreadyExists(let path): "\(path) is a registry already; use it or choose another path"
        case .invalidName(let name, let role):
            "the \(role) name '\(name)' is not allowed; use [a-z0-9][a-z0-9._-]{0,63}"
        case .invalidDigest(let text):
            "'\(text)' is no digest; write sha256: and 64 lower-case hexadecimal digits"
        case .invalidText(let field):
            "the \(field) cannot be recorded; use 1 to 1024 bytes of text on one line"
        case .invalidEvidence(let bytes):
            "the evidence has \(bytes) bytes; 1 to \(RegistryState.evidenceBytesLimit) can be recorded"
        case .unknownModel(let name, let known):
            "no model '\(name)'; \(Self.choices(known, none: "nothing was pushed yet"))"
        case .unknownVersion(let version, let model, let known):
            "'\(model)' has no version \(version); \(Self.choices(known, none: "nothing was pushed yet"))"
        case .unknownAlias(let alias, let model, let known):
            "'\(model)' has no alias '\(alias)'; \(Self.choices(known, none: "promote a version first"))"
        case .unknownEpoch(let epoch, let newest): "no epoch \(epoch); there are 1 to \(newest)"
        case .unknownFile(let name, let model):
            "this version of '\(model)' has no file '\(name)'; push it again"
        case .split(let refusal, let model): "'\(model)': \(refusal.description)"
        case .targetExists(let path): "\(path) exists already; remove it or choose another path"
        case .epochMoved, .aliasMoved, .contended, .busy, .tagTaken, .nothingToRollBack:
            preconditionDescription
        default: verificationDescription
        }
    }

    private var preconditionDescription: String {
        switch self {
        case .epochMoved(let expected, let found):
            "expected epoch \(expected), the registry is at \(found); look at `log` and decide again"
        case .aliasMoved(let alias, let model, let expected, let found):
            "expected \(alias) of '\(model)' at \(Self.target(expected)), it is at \(Self.target(found)); decide again"
        case .contended(let attempts): "other writers won \(attempts) times in a row; run it again"
        case .busy(let path): "somebody is writing to \(path); run it again when they are done"
        case .tagTaken(let name, let model, let version):
            "'\(name)' of '\(model)' names version \(version), and tags never move; choose another name"
        case .nothingToRollBack(let alias, let model):
            "\(alias) of '\(model)' has no other version to go back to; promote one"
        default: ""
        }
    }

    private var verificationDescription: String {
        switch self {
        case .corruptState(let path, let reason): "\(path) is damaged: \(reason); restore it from a copy"
        case .brokenChain(let path, let expected, let found):
            "\(path) names \(found) as the epoch before it, which is \(expected); restore both from a copy"
        case .corruptManifest(let path, let reason):
            "\(path) is no manifest: \(reason); push the version again"
        case .missingBlob(let path): "\(path) is missing; push the version again or restore it from a copy"
        case .blobSize(let path, let expected, let found):
            "\(path) has \(found) bytes instead of \(expected); push the version again or restore it"
        case .blobDigest(let path, let expected, let found):
            "\(path) holds \(found) instead of \(expected); push the version again or restore it"
        case .damaged(let path, let findings):
            "\(findings == 1 ? "one file is" : "\(findings) files are") damaged or missing, first \(path); "
                + "run fsck --repair-from another copy, or push again"
        case .corruptLease(let path): "\(path) is no lease; end the process that holds it, then remove it"
        case .corruptArchive(let path, let reason):
            "\(path) is no exported version: \(reason); export it again"
        case .missingModelFile(let path):
            "\(path) is missing; see docs/MODEL_FORMAT.md for the files of a model"
        case .sourceChanged(let path): "\(path) changed while it was pushed; push it when it is complete"
        case .refused(let model, let reason): "'\(model)' is refused: \(reason)"
        default: ""
        }
    }

    private static func target(_ version: UInt64) -> String {
        version == 0 ? "no version" : "version \(version)"
    }

    private static func choices(_ known: [some CustomStringConvertible], none: String) -> String {
        guard !known.isEmpty else { return none }
        let shown = known.suffix(20).map(\.description).joined(separator: ", ")
        return "there is \(known.count > 20 ? "…, " : "")\(shown)"
    }
}
