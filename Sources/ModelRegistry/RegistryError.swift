public import Files

/// Everything that can go wrong with a registry. Each description names the thing and the mend.
public enum RegistryError: Error, Sendable, Equatable {
    /// The disk refused an operation.
    case file(FileError)
    /// An epoch was linked but its directory could not be made durable: it is visible, and may not survive a crash.
    case uncertainCommit(epoch: UInt64, FileError)

    /// The path holds no registry.
    case notARegistry(path: String)
    /// The registry is of a format that this program does not read.
    case unsupportedFormat(path: String)
    /// `create` found a registry at the path.
    case alreadyExists(path: String)

    /// A name outside the grammar `[a-z0-9][a-z0-9._-]{0,63}`.
    case invalidName(String, role: String)
    /// A digest that is not `sha256:` and 64 lower-case hexadecimal digits.
    case invalidDigest(String)
    /// A text that may not be recorded in a state.
    case invalidText(field: String)
    /// A document of evidence that is empty or longer than a reader accepts.
    case invalidEvidence(bytes: Int)
    /// No model of this name.
    case unknownModel(String, known: [String])
    /// No version of this number.
    case unknownVersion(UInt64, model: String, known: [UInt64])
    /// No alias of this name.
    case unknownAlias(String, model: String, known: [String])
    /// No epoch of this number.
    case unknownEpoch(UInt64, newest: UInt64)
    /// The version's manifest lists no file of this name.
    case unknownFile(String, model: String)

    /// A file that would be written exists.
    case targetExists(path: String)

    /// The newest epoch is not the one the caller expected.
    case epochMoved(expected: UInt64, found: UInt64)
    /// The alias does not name the version the caller expected (0: no version at all).
    case aliasMoved(alias: String, model: String, expected: UInt64, found: UInt64)
    /// Other writers won every attempt.
    case contended(attempts: Int)
    /// Writers are at work, and the sweeper does not wait for them.
    case busy(path: String)
    /// The name is a tag of another version, or an alias where a tag is wanted; tags never move.
    case tagTaken(String, model: String, version: UInt64)
    /// The alias never named another version.
    case nothingToRollBack(alias: String, model: String)
    /// A model's split or shadow cannot be changed like this.
    case split(SplitRefusal, model: String)

    /// A state file is not what its format says.
    case corruptState(path: String, reason: String)
    /// A state file does not name the one before it.
    case brokenChain(path: String, expected: Digest, found: Digest)
    /// A manifest is not what its format says.
    case corruptManifest(path: String, reason: String)
    /// A blob that a manifest names is not there.
    case missingBlob(path: String)
    /// A blob has another size than its descriptor says.
    case blobSize(path: String, expected: UInt64, found: UInt64)
    /// A blob's bytes are not those of its name.
    case blobDigest(path: String, expected: Digest, found: Digest)
    /// The model folder lacks a file.
    case missingModelFile(path: String)
    /// A file changed while it was pushed.
    case sourceChanged(path: String)
    /// A check of the whole registry found damage, first at this path.
    case damaged(path: String, findings: Int)
    /// A lease is not what its format says.
    case corruptLease(path: String)
    /// An exported version is not what its format says.
    case corruptArchive(path: String, reason: String)
    /// The verifier refused the version.
    case refused(model: String, reason: String)

    /// True when the disk or a quota is full.
    var isDiskFull: Bool {
        if case .file(let error) = self { error.isDiskFull } else { false }
    }
}
