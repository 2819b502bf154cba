/// A reference to one blob, as in the OCI image specification: what it is, which bytes, how many.
public struct Descriptor: Sendable, Hashable, Codable {
    /// What the bytes mean; see `MediaType`.
    public let mediaType: String
    /// The digest of the bytes, and thereby the blob's name in the registry.
    public let digest: Digest
    /// The number of bytes, checked before any of them is read.
    public let size: UInt64

    /// A reference; whether the blob exists is checked by whoever follows it.
    public init(mediaType: String, digest: Digest, size: UInt64) {
        self.mediaType = mediaType
        self.digest = digest
        self.size = size
    }

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case mediaType, digest, size
    }

    /// Decodes exactly the three fields.
    public init(from decoder: any Decoder) throws {
        try decoder.refuseKeys(outside: CodingKeys.self)
        let container = try decoder.container(keyedBy: CodingKeys.self)
        mediaType = try container.decode(String.self, forKey: .mediaType)
        digest = try container.decode(Digest.self, forKey: .digest)
        size = try container.decode(UInt64.self, forKey: .size)
    }
}
