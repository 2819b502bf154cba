public import Files

/// Who commits an epoch, when, by which command and why: the audit part of a state.
public struct CommitNote: Sendable, Equatable {
    /// Who, by default `user@host`.
    public let actor: String
    /// When, RFC 3339 in UTC.
    public let time: String
    /// The command as given.
    public let command: String
    /// Why; nil when nobody said.
    public let reason: String?
    /// The document by which it was decided, such as a verdict with its counters: stored as a blob that the state names.
    public var evidence: [UInt8]?

    /// A note of this moment. The texts are checked when the epoch is committed: at most 1024 bytes each, no control
    /// characters; evidence has at most ``RegistryState/evidenceBytesLimit`` bytes.
    public init(
        command: String, reason: String? = nil, evidence: [UInt8]? = nil, actor: String = defaultActor,
        time: String = WallClock.now()
    ) {
        self.actor = actor
        self.time = time
        self.command = command
        self.reason = reason
        self.evidence = evidence
    }

    /// `user@host` of this process.
    public static var defaultActor: String { Host.userName + "@" + Host.name }

    /// Throws `.invalidText` naming the first field that may not be recorded, `.invalidEvidence` for a document of a size
    /// that no reader accepts.
    func check() throws(RegistryError) {
        for (field, text) in [
            ("actor", actor), ("time", time), ("command", command), ("reason", reason ?? "-"),
        ]
        where !Self.isRecordable(text) {
            throw .invalidText(field: field)
        }
        if let evidence, !(1...RegistryState.evidenceBytesLimit).contains(evidence.count) {
            throw .invalidEvidence(bytes: evidence.count)
        }
    }

    /// One line of text that JSON writers all escape alike, so that a state's canonical form is unambiguous.
    static func isRecordable(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 1024
            && text.unicodeScalars.allSatisfy { scalar in
                switch scalar.properties.generalCategory {
                case .control, .lineSeparator, .paragraphSeparator: false
                default: true
                }
            }
    }
}
