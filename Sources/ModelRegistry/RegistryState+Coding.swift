extension RegistryState: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case format, epoch, previous, models, actor, time, command, reason, evidence
    }

    /// Decodes strictly: unknown keys, names outside the grammar and aliases of missing versions are refused.
    public init(from decoder: any Decoder) throws {
        try decoder.refuseKeys(outside: CodingKeys.self)
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try container.require(Self.format, forKey: .format)
        epoch = try container.decode(UInt64.self, forKey: .epoch)
        previous = try container.decodeIfPresent(Digest.self, forKey: .previous)
        models = try container.decode([String: RegisteredModel].self, forKey: .models)
        actor = try container.decode(String.self, forKey: .actor)
        time = try container.decode(String.self, forKey: .time)
        command = try container.decode(String.self, forKey: .command)
        reason = try container.decodeIfPresent(String.self, forKey: .reason)
        evidence = try container.decodeIfPresent(Descriptor.self, forKey: .evidence)
        for name in models.keys where !RegistryName.isValid(name) {
            throw DecodingError.dataCorruptedError(
                forKey: .models, in: container, debugDescription: "the model name '\(name)' is not allowed")
        }
        guard [actor, time, command, reason ?? "-"].allSatisfy(CommitNote.isRecordable) else {
            throw DecodingError.dataCorruptedError(
                forKey: .actor, in: container,
                debugDescription: "actor, time, command or reason is not one line of 1 to 1024 bytes")
        }
        if let evidence {
            guard evidence.mediaType == Self.evidenceMediaType,
                (1...UInt64(Self.evidenceBytesLimit)).contains(evidence.size)
            else {
                throw DecodingError.dataCorruptedError(
                    forKey: .evidence, in: container,
                    debugDescription: "it is no evidence, or has more than \(Self.evidenceBytesLimit) bytes")
            }
        }
        guard (1...Self.lastEpoch).contains(epoch), (epoch == 1) == (previous == nil) else {
            throw DecodingError.dataCorruptedError(
                forKey: .previous, in: container,
                debugDescription: "epochs count from 1, and each but the first names the one before")
        }
    }

    /// Encodes every field; `previous`, `reason` and `evidence` only where they are.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(Self.format, forKey: .format)
        try container.encode(epoch, forKey: .epoch)
        try container.encodeIfPresent(previous, forKey: .previous)
        try container.encode(models, forKey: .models)
        try container.encode(actor, forKey: .actor)
        try container.encode(time, forKey: .time)
        try container.encode(command, forKey: .command)
        try container.encodeIfPresent(reason, forKey: .reason)
        try container.encodeIfPresent(evidence, forKey: .evidence)
    }
}

extension RegisteredModel: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case versions, aliases, tags, split, shadow, retiredSalts
    }

    /// Decodes version numbers in their one decimal spelling and aliases that point at one of them.
    public init(from decoder: any Decoder) throws {
        try decoder.refuseKeys(outside: CodingKeys.self)
        let container = try decoder.container(keyedBy: CodingKeys.self)
        versions = [:]
        for (text, version) in try container.decode([String: RegisteredVersion].self, forKey: .versions) {
            guard let number = UInt64(text), number > 0, String(number) == text else {
                throw DecodingError.dataCorruptedError(
                    forKey: .versions, in: container, debugDescription: "'\(text)' is not a version number")
            }
            versions[number] = version
        }
        aliases = try container.decode([String: UInt64].self, forKey: .aliases)
        for (alias, version) in aliases where !RegistryName.isValid(alias) || versions[version] == nil {
            throw DecodingError.dataCorruptedError(
                forKey: .aliases, in: container,
                debugDescription:
                    "the alias '\(alias)' is not allowed or names version \(version), which is missing")
        }
        tags = try container.decodeIfPresent([String: UInt64].self, forKey: .tags) ?? [:]
        for (tag, version) in tags
        where !RegistryName.isTag(tag) || versions[version] == nil || aliases[tag] != nil {
            throw DecodingError.dataCorruptedError(
                forKey: .tags, in: container,
                debugDescription: "the tag '\(tag)' is not allowed, an alias too, or names no version")
        }
        split = try container.decodeIfPresent(RegisteredSplit.self, forKey: .split)
        shadow = try container.decodeIfPresent(RegisteredShadow.self, forKey: .shadow)
        retiredSalts = try container.decodeIfPresent([String].self, forKey: .retiredSalts) ?? []
        if let fault = trafficFault {
            throw DecodingError.dataCorruptedError(forKey: .split, in: container, debugDescription: fault)
        }
    }

    /// Encodes the version numbers as the keys of an object; what says nothing is left out, so that older states keep
    /// their bytes.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        let named = Dictionary(uniqueKeysWithValues: versions.map { (String($0.key), $0.value) })
        try container.encode(named, forKey: .versions)
        try container.encode(aliases, forKey: .aliases)
        if !tags.isEmpty { try container.encode(tags, forKey: .tags) }
        try container.encodeIfPresent(split, forKey: .split)
        try container.encodeIfPresent(shadow, forKey: .shadow)
        if !retiredSalts.isEmpty { try container.encode(retiredSalts, forKey: .retiredSalts) }
    }
}

extension RegisteredVersion: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case manifest, pushed
    }

    /// Decodes exactly the two fields.
    public init(from decoder: any Decoder) throws {
        try decoder.refuseKeys(outside: CodingKeys.self)
        let container = try decoder.container(keyedBy: CodingKeys.self)
        manifest = try container.decode(Descriptor.self, forKey: .manifest)
        pushed = try container.decode(String.self, forKey: .pushed)
    }
    /// Encodes the two fields.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(manifest, forKey: .manifest)
        try container.encode(pushed, forKey: .pushed)
    }
}
