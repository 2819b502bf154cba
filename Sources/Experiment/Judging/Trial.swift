/// What is judged: one version that is tried on a model's traffic, and what it is compared with.
public struct Trial: Sendable, Equatable, Codable {
    /// How it is tried.
    public enum Kind: String, Sendable, Codable {
        /// It answers units of its own, beside a control of the champion.
        case split
        /// It scores copies of requests that the champion answers.
        case shadow
    }

    /// One of both versions.
    public struct Side: Sendable, Equatable, Codable {
        /// The arm of the split; empty for a shadow.
        public var arm: String
        /// The version.
        public var version: UInt64
        /// Its part of the enrolled units, relative to the other's; 1 for a shadow.
        public var weight: Double

        /// One of both versions.
        public init(arm: String = "", version: UInt64, weight: Double = 1) {
            self.arm = arm
            self.version = version
            self.weight = weight
        }
    }

    /// The model.
    public var model: String
    /// How.
    public var kind: Kind
    /// The split, by its salt; empty for a shadow.
    public var experiment: String
    /// What is tried.
    public var candidate: Side
    /// What serves.
    public var control: Side

    /// A trial.
    public init(model: String, kind: Kind, experiment: String = "", candidate: Side, control: Side) {
        self.model = model
        self.kind = kind
        self.experiment = experiment
        self.candidate = candidate
        self.control = control
    }

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case model, kind, experiment, candidate, control
    }

    /// Decodes a trial of sides that can be compared.
    public init(from decoder: any Decoder) throws {
        try decoder.refuseOtherKeys(than: CodingKeys.allCases.map(\.stringValue))
        let container = try decoder.container(keyedBy: CodingKeys.self)
        model = try container.decode(String.self, forKey: .model)
        kind = try container.decode(Kind.self, forKey: .kind)
        experiment = try container.decode(String.self, forKey: .experiment)
        candidate = try container.decode(Side.self, forKey: .candidate)
        control = try container.decode(Side.self, forKey: .control)
        for weight in [candidate.weight, control.weight] where !(weight > 0 && weight <= 1e9) {
            throw DecodingError.dataCorruptedError(
                forKey: .candidate, in: container, debugDescription: "the weight \(weight) is no part")
        }
    }
}
