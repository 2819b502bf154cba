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

    /// A note of this moment. The texts are checked when the epoch is committed: at most 1024 bytes each, no control
    /// characters.
    public init(
        command: String, reason: String? = nil, actor: String = defaultActor, time: String = WallClock.now()
    ) {
        self.actor = actor
        self.time = time
        self.command = command
        self.reason = reason
    }

    /// `user@host` of this process.
    public static var defaultActor: String { Host.userName + "@" + Host.name }

    /// Throws `.invalidText` naming the first field that may not be recorded.
    func check() throws(RegistryError) {
        for (field, text) in [
            ("actor", actor), ("time", time), ("command", command), ("reason", reason ?? "-"),
        ]
        where !Self.isRecordable(text) {
            throw .invalidText(field: field)
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
