extension RegisteredSplit: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case algorithm, arms, control, coverage, held, layer, salt, unit
    }

    /// Decodes strictly; the values are checked together with the model they belong to.
    public init(from decoder: any Decoder) throws {
        try decoder.refuseKeys(outside: CodingKeys.self)
        let container = try decoder.container(keyedBy: CodingKeys.self)
        algorithm = try container.decode(Algorithm.self, forKey: .algorithm)
        arms = try container.decode([Arm].self, forKey: .arms)
        control = try container.decodeIfPresent(String.self, forKey: .control)
        coverage = try container.decode(UInt32.self, forKey: .coverage)
        isHeld = try container.decodeIfPresent(Bool.self, forKey: .held) ?? false
        layer = try container.decodeIfPresent(Layer.self, forKey: .layer)
        salt = try container.decode(String.self, forKey: .salt)
        unit = try container.decode(String.self, forKey: .unit)
    }

    /// Encodes every field; `control`, `layer` and `held` only where they say something.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(algorithm, forKey: .algorithm)
        try container.encode(arms, forKey: .arms)
        try container.encodeIfPresent(control, forKey: .control)
        try container.encode(coverage, forKey: .coverage)
        if isHeld { try container.encode(true, forKey: .held) }
        try container.encodeIfPresent(layer, forKey: .layer)
        try container.encode(salt, forKey: .salt)
        try container.encode(unit, forKey: .unit)
    }
}

extension RegisteredSplit.Arm: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case alias, allow, name, version, weight
    }

    /// Decodes strictly.
    public init(from decoder: any Decoder) throws {
        try decoder.refuseKeys(outside: CodingKeys.self)
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.decode(String.self, forKey: .name)
        weight = try container.decode(UInt32.self, forKey: .weight)
        allow = try container.decodeIfPresent([String].self, forKey: .allow) ?? []
        target = try VersionReference(in: decoder.container(keyedBy: VersionReference.CodingKeys.self))
    }

    /// Encodes every field; `allow` only where there is a unit.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(weight, forKey: .weight)
        if !allow.isEmpty { try container.encode(allow, forKey: .allow) }
        var reference = encoder.container(keyedBy: VersionReference.CodingKeys.self)
        try target.encode(in: &reference)
    }
}

extension RegisteredSplit.Layer: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case end, first, name
    }

    /// Decodes strictly.
    public init(from decoder: any Decoder) throws {
        try decoder.refuseKeys(outside: CodingKeys.self)
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.decode(String.self, forKey: .name)
        first = try container.decode(UInt32.self, forKey: .first)
        end = try container.decode(UInt32.self, forKey: .end)
    }

    /// Encodes the three fields.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(first, forKey: .first)
        try container.encode(end, forKey: .end)
    }
}

extension RegisteredShadow: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case alias, rate, version
    }

    /// Decodes strictly.
    public init(from decoder: any Decoder) throws {
        try decoder.refuseKeys(outside: CodingKeys.self)
        let container = try decoder.container(keyedBy: CodingKeys.self)
        rate = try container.decode(UInt32.self, forKey: .rate)
        target = try VersionReference(in: decoder.container(keyedBy: VersionReference.CodingKeys.self))
    }

    /// Encodes the rate and the one key of the target.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(rate, forKey: .rate)
        var reference = encoder.container(keyedBy: VersionReference.CodingKeys.self)
        try target.encode(in: &reference)
    }
}
