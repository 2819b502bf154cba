/// One thing that `check` found.
public struct Finding: Sendable, Equatable, Encodable {
    /// What it is.
    public enum Kind: String, Sendable, Encodable, CaseIterable {
        /// A state file that is not what the chain, or its own checksum, says.
        case damagedState
        /// An epoch without a file below a later one.
        case missingState
        /// A blob that is not what its name or its descriptor says.
        case damagedBlob
        /// A blob that a version of the newest epoch, or the evidence of any epoch, needs.
        case missingBlob
        /// A blob that neither a version of the newest epoch nor the evidence of any epoch needs: harmless, `collectGarbage` removes it.
        case unreferencedBlob
        /// A file that a broken-off writer left: harmless, `collectGarbage` removes it.
        case leftover
    }

    /// What it is.
    public let kind: Kind
    /// The file.
    public let path: String
    /// What is wrong with it.
    public let detail: String
    /// Whether a good copy was put in its place.
    public internal(set) var repaired = false

    init(_ kind: Kind, _ path: String, _ detail: String) {
        self.kind = kind
        self.path = path
        self.detail = detail
    }

    /// Whether something is lost unless it is repaired.
    public var isDamage: Bool { kind != .unreferencedBlob && kind != .leftover }
}

/// What a check of a whole registry looked at and found.
public struct CheckReport: Sendable, Equatable {
    /// The newest epoch.
    public internal(set) var epoch: UInt64 = 0
    /// Blobs whose digest was computed, and their bytes.
    public internal(set) var blobs = 0, bytes: UInt64 = 0
    /// Everything found, states first.
    public internal(set) var findings: [Finding] = []

    /// Whether nothing is lost, or everything that was is repaired.
    public var isWhole: Bool { findings.allSatisfy { !$0.isDamage || $0.repaired } }
}
