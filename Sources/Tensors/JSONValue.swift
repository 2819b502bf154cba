/// A JSON document (RFC 8259), read strictly: one value, UTF-8, no duplicate keys, bounded nesting.
///
/// Numbers keep their text, so that 64-bit identifiers are exact.
public enum JSONValue: Sendable, Equatable {
    case null
    case bool(Bool)
    case number(String)
    case string(String)
    case array([JSONValue])
    /// Members in the order of the text; no key occurs twice.
    case object([Member])

    /// One key and its value.
    public struct Member: Sendable, Equatable {
        /// The key, unescaped.
        public var key: String
        /// What stands after the colon.
        public var value: JSONValue
        /// Where the key begins, in bytes from the start of the text; members are compared without it.
        public var offset: Int

        /// A member that was not read from a text has offset 0.
        public init(key: String, value: JSONValue, offset: Int = 0) {
            self.key = key
            self.value = value
            self.offset = offset
        }

        /// Whether key and value are equal, wherever they stand.
        public static func == (one: Member, other: Member) -> Bool {
            one.key == other.key && one.value == other.value
        }
    }

    /// How deep arrays and objects may nest.
    public static let depthLimit = 32

    /// Reads `bytes`, all of which must be one value with optional whitespace around it.
    public init(parsing bytes: [UInt8]) throws(JSONError) {
        var reader = JSONReader(bytes: bytes)
        self = try reader.document()
    }
}

extension JSONValue {
    /// The members of an object.
    public var members: [Member]? { if case .object(let members) = self { members } else { nil } }

    /// The elements of an array.
    public var elements: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }

    /// The text of a string.
    public var text: String? { if case .string(let text) = self { text } else { nil } }

    /// A number written as a plain non-negative integer that 64 bits hold.
    public var unsignedInteger: UInt64? {
        guard case .number(let digits) = self, digits.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else {
            return nil
        }
        return UInt64(digits)
    }

    /// A number as the nearest double; nil where that is infinite.
    public var double: Double? {
        guard case .number(let digits) = self, let value = Double(digits), value.isFinite else { return nil }
        return value
    }
}

/// Where a text stops being the JSON that is read here.
public struct JSONError: Error, Equatable, CustomStringConvertible {
    /// Bytes from the start of the text.
    public var offset: Int
    /// What is wrong there.
    public var reason: String
    /// The key of the outermost object's member in which it is, if it is in one.
    public var member: String?

    /// The place and the reason in one sentence.
    public var description: String { "not valid JSON at byte \(offset): \(reason)" }
}
