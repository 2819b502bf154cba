/// How a split or a shadow names what answers: one version for good, or whatever an alias names.
public enum VersionReference: Sendable, Equatable {
    /// This version, whatever the aliases do.
    case version(UInt64)
    /// The version that the alias names at each epoch.
    case alias(String)

    /// The number of the version that is meant; nil when the model does not have it.
    public func version(in model: RegisteredModel) -> UInt64? {
        switch self {
        case .version(let number): model.versions[number] == nil ? nil : number
        case .alias(let alias): model.aliases[alias]
        }
    }
}

extension VersionReference: CustomStringConvertible {
    /// The number or the alias.
    public var description: String {
        switch self {
        case .version(let number): String(number)
        case .alias(let alias): alias
        }
    }
}

extension VersionReference {
    /// The keys of the object that holds a reference: exactly one of them.
    enum CodingKeys: String, CodingKey, CaseIterable {
        case alias, version
    }

    /// Reads the one key that is there; both or none are refused.
    init(in container: KeyedDecodingContainer<CodingKeys>) throws {
        let alias = try container.decodeIfPresent(String.self, forKey: .alias)
        let version = try container.decodeIfPresent(UInt64.self, forKey: .version)
        switch (alias, version) {
        case (let alias?, nil): self = .alias(alias)
        case (nil, let version?): self = .version(version)
        default:
            throw DecodingError.dataCorruptedError(
                forKey: .version, in: container,
                debugDescription: "one of 'alias' and 'version' must be there")
        }
    }

    func encode(in container: inout KeyedEncodingContainer<CodingKeys>) throws {
        switch self {
        case .alias(let alias): try container.encode(alias, forKey: .alias)
        case .version(let number): try container.encode(number, forKey: .version)
        }
    }
}
