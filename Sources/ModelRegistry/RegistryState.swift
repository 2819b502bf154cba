/// The whole registry at one epoch: what there is, what is served by default, and who made it so.
public struct RegistryState: Sendable, Equatable {
    /// The only format there is.
    public static let format = "dien-registry-state/1"
    /// The alias that is served when a request names neither version nor alias.
    public static let champion = "champion"
    /// The last epoch that a file name of twelve digits can carry.
    static let lastEpoch: UInt64 = 999_999_999_999
    /// What a document of evidence is, in its descriptor.
    public static let evidenceMediaType = "application/vnd.dien.evidence.v1+json"
    /// The longest document of evidence: a reader checks before it reads.
    public static let evidenceBytesLimit = 4 << 20

    /// The number of this state, from 1.
    public let epoch: UInt64
    /// The digest of the state file before this one; nil only at epoch 1.
    public let previous: Digest?
    /// The models by name.
    public let models: [String: RegisteredModel]
    /// Who committed this epoch.
    public let actor: String
    /// When, RFC 3339 in UTC.
    public let time: String
    /// By which command.
    public let command: String
    /// Why, when somebody said.
    public let reason: String?
    /// The document by which this epoch was decided; nil where none was given.
    public let evidence: Descriptor?

    /// The state that `note` commits as `epoch`; its evidence is stored already.
    init(
        epoch: UInt64, previous: Digest?, models: [String: RegisteredModel], note: CommitNote,
        evidence: Descriptor? = nil
    ) {
        self.epoch = epoch
        self.previous = previous
        self.models = models
        actor = note.actor
        time = note.time
        command = note.command
        reason = note.reason
        self.evidence = evidence
    }

    /// A model by name, or `.unknownModel` listing those there are.
    public func model(_ name: String) throws(RegistryError) -> RegisteredModel {
        guard let model = models[name] else { throw .unknownModel(name, known: models.keys.sorted()) }
        return model
    }

    /// The number of a version that a person names by its number, an alias or a tag.
    public func versionNumber(_ text: String, of name: String) throws(RegistryError) -> UInt64 {
        let model = try model(name)
        if let number = UInt64(text) {
            _ = try version(number, of: name)
            return number
        }
        guard let number = model.aliases[text] ?? model.tags[text] else {
            let known = Array(model.aliases.keys) + model.tags.keys
            throw .unknownAlias(text, model: name, known: known.sorted())
        }
        return number
    }

    /// A version of a model by number, or the error that lists those there are.
    public func version(_ version: UInt64, of name: String) throws(RegistryError) -> RegisteredVersion {
        let model = try model(name)
        guard let found = model.versions[version] else {
            throw .unknownVersion(version, model: name, known: model.versions.keys.sorted())
        }
        return found
    }
}

/// The versions and aliases of one model.
public struct RegisteredModel: Sendable, Equatable {
    /// The versions by number; numbers count from 1 and are never given twice.
    public var versions: [UInt64: RegisteredVersion]
    /// Which version each alias names; the version exists.
    public var aliases: [String: UInt64]
    /// Names that were given to versions for good; none is an alias too.
    public var tags: [String: UInt64]
    /// The experiment on its traffic; nil: the champion answers everybody.
    public var split: RegisteredSplit?
    /// What scores copies of its requests; nil: nothing.
    public var shadow: RegisteredShadow?
    /// The salts of splits that were stopped, ascending by their bytes: units they assigned would be met again.
    public var retiredSalts: [String] = []

    /// A model, empty at first.
    public init(
        versions: [UInt64: RegisteredVersion] = [:], aliases: [String: UInt64] = [:],
        tags: [String: UInt64] = [:]
    ) {
        self.versions = versions
        self.aliases = aliases
        self.tags = tags
    }

    /// The aliases of a version, sorted.
    public func aliases(of version: UInt64) -> [String] {
        aliases.filter { $0.value == version }.keys.sorted()
    }

    /// The tags of a version, sorted.
    public func tags(of version: UInt64) -> [String] {
        tags.filter { $0.value == version }.keys.sorted()
    }

    /// Points an alias at a version; a tag's name is `.tagTaken`.
    mutating func point(_ alias: String, at version: UInt64, model: String) throws(RegistryError) {
        if let taken = tags[alias] { throw .tagTaken(alias, model: model, version: taken) }
        aliases[alias] = version
    }
}

/// One pushed version: immutable, identified by its manifest.
public struct RegisteredVersion: Sendable, Equatable {
    /// The manifest blob.
    public let manifest: Descriptor
    /// When it was pushed, RFC 3339 in UTC.
    public let pushed: String

    /// A version entry of a state.
    public init(manifest: Descriptor, pushed: String) {
        self.manifest = manifest
        self.pushed = pushed
    }
}
