internal import FoundationEssentials

/// The one spelling of a state, a manifest or evidence: UTF-8 JSON, keys in ascending byte order, no white space, `/` not escaped,
/// absent instead of null, one line feed at the end. Bytes that decode but are spelt otherwise are refused, which
/// catches duplicate keys too.
public enum CanonicalJSON {
    /// The bytes of a value.
    public static func encode(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return [UInt8](try encoder.encode(value)) + [UInt8(ascii: "\n")]
    }

    /// Decodes; the text of what is wrong is thrown as `Malformed`.
    public static func decode<Value: Codable>(_ type: Value.Type, _ bytes: [UInt8]) throws(Malformed) -> Value
    {
        let value: Value
        let canonical: [UInt8]
        do {
            value = try JSONDecoder().decode(type, from: Data(bytes))
            canonical = try encode(value)
        } catch {
            throw Malformed(error)
        }
        guard canonical == bytes else { throw Malformed(reason: "not in canonical form") }
        return value
    }

    /// Why bytes were not what they should be.
    public struct Malformed: Error {
        /// One sentence.
        public let reason: String

        init(reason: String) { self.reason = reason }

        init(_ error: any Error) {
            switch error {
            case DecodingError.dataCorrupted(let context), DecodingError.typeMismatch(_, let context),
                DecodingError.valueNotFound(_, let context):
                let text = context.debugDescription
                reason = Self.at(context.codingPath) + (text.hasSuffix(".") ? String(text.dropLast()) : text)
            case DecodingError.keyNotFound(let key, let context):
                reason = Self.at(context.codingPath) + "'\(key.stringValue)' is missing"
            default:
                reason = String(describing: error)
            }
        }

        private static func at(_ path: [any CodingKey]) -> String {
            path.isEmpty ? "" : "at '" + path.map(\.stringValue).joined(separator: ".") + "': "
        }
    }
}

/// Any key of a JSON object.
struct AnyKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

extension Decoder {
    /// Refuses an object with a key that `Keys` does not have: a reader that passed over a field it does not know could
    /// serve something else than the writer meant, and would drop the field at its next commit.
    func refuseKeys<Keys: CodingKey & CaseIterable>(outside keys: Keys.Type) throws {
        let known = Set(Keys.allCases.map(\.stringValue))
        let container = try container(keyedBy: AnyKey.self)
        guard
            let stranger = container.allKeys.map(\.stringValue).sorted().first(where: { !known.contains($0) })
        else { return }
        throw DecodingError.dataCorrupted(
            .init(
                codingPath: codingPath,
                debugDescription: "unknown key '\(stranger)'; a newer version may have written it"))
    }
}

extension KeyedDecodingContainer {
    /// Refuses any other text at `key` than `expected`.
    func require(_ expected: String, forKey key: Key) throws {
        let found = try decode(String.self, forKey: key)
        guard found == expected else {
            throw DecodingError.dataCorruptedError(
                forKey: key, in: self, debugDescription: "'\(found)' is not supported, only '\(expected)'")
        }
    }
}
