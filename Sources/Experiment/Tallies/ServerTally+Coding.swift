// Tallies as JSON: how counters are saved. What is read may come from anywhere, so it is held to what servers count.

extension ServerTally: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case servers, models, feedback
    }

    /// Decodes strictly.
    public init(from decoder: any Decoder) throws {
        try decoder.refuseOtherKeys(than: CodingKeys.allCases.map(\.stringValue))
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            servers: try container.decode([Server].self, forKey: .servers),
            models: try container.decode([ModelTally].self, forKey: .models),
            feedback: try container.decode(FeedbackCounts.self, forKey: .feedback))
    }

    /// Encodes every field.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(servers, forKey: .servers)
        try container.encode(models, forKey: .models)
        try container.encode(feedback, forKey: .feedback)
    }
}

extension ModelTally: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case model, experiments, shadows
    }

    /// One entry of ``shadows``.
    private struct Shadow: Codable {
        let version: UInt64
        let championVersion: UInt64
        let segment: ShadowSegment
        let sums: ShadowComparison.Sums
    }

    /// Decodes strictly; comparisons that cannot be are refused.
    public init(from decoder: any Decoder) throws {
        try decoder.refuseOtherKeys(than: CodingKeys.allCases.map(\.stringValue))
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            model: try container.decode(String.self, forKey: .model),
            experiments: try container.decode([ExperimentTally].self, forKey: .experiments))
        for shadow in try container.decode([Shadow].self, forKey: .shadows) {
            guard let comparison = ShadowComparison(shadow.sums) else {
                throw DecodingError.dataCorruptedError(
                    forKey: .shadows, in: container, debugDescription: "the sums of a shadow cannot be")
            }
            let key = ShadowKey(
                version: shadow.version, championVersion: shadow.championVersion, segment: shadow.segment)
            shadows[key] = comparison
        }
    }

    /// Encodes every field; shadows in a fixed order.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(model, forKey: .model)
        try container.encode(experiments, forKey: .experiments)
        func order(_ key: ShadowKey) -> (UInt64, UInt64, String) {
            (key.version, key.championVersion, key.segment.description)
        }
        try container.encode(
            shadows.sorted { order($0.key) < order($1.key) }.map { key, comparison in
                Shadow(
                    version: key.version, championVersion: key.championVersion, segment: key.segment,
                    sums: comparison.sums)
            }, forKey: .shadows)
    }
}

extension ExperimentTally: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case experiment, isRunning, arms
    }

    /// Decodes strictly.
    public init(from decoder: any Decoder) throws {
        try decoder.refuseOtherKeys(than: CodingKeys.allCases.map(\.stringValue))
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            experiment: try container.decode(String.self, forKey: .experiment),
            isRunning: try container.decode(Bool.self, forKey: .isRunning),
            arms: try container.decode([ArmTally].self, forKey: .arms))
    }

    /// Encodes every field.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(experiment, forKey: .experiment)
        try container.encode(isRunning, forKey: .isRunning)
        try container.encode(arms, forKey: .arms)
    }
}

extension ArmTally: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case name, version, digest, weight, isControl, counters, units, open, guards
    }

    /// Decodes strictly.
    public init(from decoder: any Decoder) throws {
        try decoder.refuseOtherKeys(than: CodingKeys.allCases.map(\.stringValue))
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let open = try container.decode([String: Double].self, forKey: .open)
        let quantities = Dictionary(
            uniqueKeysWithValues: ArmCounters.Quantity.allCases.map { ("\($0)", $0) })
        var sums: [ArmCounters.Quantity: Double] = [:]
        for (name, sum) in open {
            guard let quantity = quantities[name], sum.isFinite else {
                throw DecodingError.dataCorruptedError(
                    forKey: .open, in: container, debugDescription: "'\(name)' is no sum of open outcomes")
            }
            sums[quantity] = sum
        }
        self.init(
            name: try container.decode(String.self, forKey: .name),
            version: try container.decode(UInt64.self, forKey: .version),
            digest: try container.decode(String.self, forKey: .digest),
            weight: try container.decode(UInt32.self, forKey: .weight),
            isControl: try container.decode(Bool.self, forKey: .isControl),
            counters: try container.decode(ArmCounters.self, forKey: .counters),
            units: try container.decode(UnitSample.self, forKey: .units), open: Open(sums),
            guards: try container.decode([ArmGuard].self, forKey: .guards))
    }

    /// Encodes every field.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(version, forKey: .version)
        try container.encode(digest, forKey: .digest)
        try container.encode(weight, forKey: .weight)
        try container.encode(isControl, forKey: .isControl)
        try container.encode(counters, forKey: .counters)
        try container.encode(units, forKey: .units)
        try container.encode(
            Dictionary(uniqueKeysWithValues: open.sums.map { ("\($0.key)", $0.value) }), forKey: .open)
        try container.encode(guards, forKey: .guards)
    }
}

extension UnitSample: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case capacity, level, hashes
    }

    /// Decodes hashes that are hexadecimal texts, since not every reader of JSON holds 64 bits in a number.
    public init(from decoder: any Decoder) throws {
        try decoder.refuseOtherKeys(than: CodingKeys.allCases.map(\.stringValue))
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let texts = try container.decode([String].self, forKey: .hashes)
        let hashes = texts.compactMap { UInt64($0, radix: 16) }
        let capacity = try container.decode(Int.self, forKey: .capacity)
        guard hashes.count == texts.count, capacity <= 1 << 20,
            let sample = UnitSample(
                capacity: capacity, level: try container.decode(Int.self, forKey: .level), hashes: hashes)
        else {
            throw DecodingError.dataCorruptedError(
                forKey: .hashes, in: container, debugDescription: "no sample of units has these hashes")
        }
        self = sample
    }

    /// Encodes hashes in rising order.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(capacity, forKey: .capacity)
        try container.encode(level, forKey: .level)
        try container.encode(hashes.sorted().map { String($0, radix: 16) }, forKey: .hashes)
    }
}
