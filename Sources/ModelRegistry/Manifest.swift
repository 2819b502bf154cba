/// The immutable list of a version's files. It is a blob itself, and its digest is the version's identity: it holds
/// nothing but content, so that pushing the same folder twice, anywhere, gives the same digest.
public struct Manifest: Sendable, Equatable, Codable {
    /// The only format there is.
    public static let format = "dien-manifest/1"
    /// The media type of a manifest's own descriptor.
    public static let mediaType = "application/vnd.dien.manifest.v1+json"

    /// The model this is a version of.
    public let model: String
    /// The files by name.
    public let files: [String: Descriptor]
    /// The manifest that a delta version builds on; nil for a whole version.
    public let base: Descriptor?
    /// Free facts about the version, such as where it was trained.
    public let annotations: [String: String]?

    /// A manifest to be stored.
    public init(
        model: String, files: [String: Descriptor], base: Descriptor? = nil,
        annotations: [String: String]? = nil
    ) {
        self.model = model
        self.files = files
        self.base = base
        self.annotations = annotations
    }

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case format, model, files, base, annotations
    }

    /// Decodes strictly: an unknown key or a file name outside the grammar is refused by name.
    public init(from decoder: any Decoder) throws {
        try decoder.refuseKeys(outside: CodingKeys.self)
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try container.require(Self.format, forKey: .format)
        model = try container.decode(String.self, forKey: .model)
        files = try container.decode([String: Descriptor].self, forKey: .files)
        base = try container.decodeIfPresent(Descriptor.self, forKey: .base)
        annotations = try container.decodeIfPresent([String: String].self, forKey: .annotations)
        for name in [model] + files.keys where !RegistryName.isValid(name) {
            throw DecodingError.dataCorruptedError(
                forKey: .files, in: container, debugDescription: "the name '\(name)' is not allowed")
        }
    }

    /// Encodes the fields and the format.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(Self.format, forKey: .format)
        try container.encode(model, forKey: .model)
        try container.encode(files, forKey: .files)
        try container.encodeIfPresent(base, forKey: .base)
        try container.encodeIfPresent(annotations, forKey: .annotations)
    }
}
