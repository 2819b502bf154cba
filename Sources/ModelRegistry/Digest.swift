/// The SHA-256 of some bytes, written `sha256:` and 64 lower-case hexadecimal digits.
public struct Digest: Sendable, Hashable, CustomStringConvertible {
    /// The 64 hexadecimal digits.
    public let hex: String

    /// Parses the one accepted spelling; anything else is `.invalidDigest`.
    public init(_ text: String) throws(RegistryError) {
        let prefix = "sha256:"
        let digits = text.utf8.dropFirst(prefix.utf8.count)
        guard text.hasPrefix(prefix), digits.count == 64, digits.allSatisfy(Self.isLowerHex) else {
            throw .invalidDigest(text)
        }
        hex = String(text.dropFirst(prefix.count))
    }

    /// A digest of 32 bytes just computed.
    init(bytes: some Sequence<UInt8>) {
        let digits = Array("0123456789abcdef".utf8)
        hex = String(
            decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// `sha256:` and the digits.
    public var description: String { "sha256:" + hex }

    private static func isLowerHex(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}

extension Digest: Codable {
    /// Decodes the one accepted spelling.
    public init(from decoder: any Decoder) throws {
        try self.init(decoder.singleValueContainer().decode(String.self))
    }

    /// Encodes as one string.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
