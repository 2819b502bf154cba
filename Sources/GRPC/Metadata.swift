/// The custom header fields of a call: names in lower case, in order, duplicates kept.
///
/// A name that ends in `-bin` carries bytes, any other printable ASCII text. The names that gRPC itself uses
/// (`grpc-…`, `content-type`, `te`, pseudo-headers) are not metadata; `Metadata.isReserved(_:)` tells.
public struct Metadata: Sendable, Hashable {
    /// One field.
    public struct Field: Sendable, Hashable {
        /// The name, in lower case.
        public let name: String
        /// The decoded value.
        public let value: Value

        /// What a field carries.
        public enum Value: Sendable, Hashable {
            /// Text, of a field whose name does not end in `-bin`.
            case text(String)
            /// Bytes, of a field whose name ends in `-bin`; base64 on the wire.
            case binary([UInt8])
        }
    }

    /// All fields in the order of the wire.
    public private(set) var fields: [Field]

    /// No fields.
    public init() {
        fields = []
    }

    /// Adds a text field after those that are there. A `-bin` name gets the UTF-8 bytes.
    public mutating func append(_ name: String, _ text: String) {
        let name = name.lowercased()
        let value: Field.Value = Metadata.isBinary(name) ? .binary(Array(text.utf8)) : .text(text)
        fields.append(Field(name: name, value: value))
    }

    /// Adds a binary field after those that are there. A name without `-bin` gets it appended.
    public mutating func append(_ name: String, bytes: [UInt8]) {
        let name = name.lowercased()
        fields.append(Field(name: Metadata.isBinary(name) ? name : name + "-bin", value: .binary(bytes)))
    }

    /// Takes away every field of this name.
    public mutating func removeAll(named name: String) {
        let name = name.lowercased()
        fields.removeAll { $0.name == name }
    }

    /// Every value of this name, in order.
    public subscript(name: String) -> [Field.Value] {
        let name = name.lowercased()
        return fields.lazy.filter { $0.name == name }.map(\.value)
    }

    /// The first text of this name, or nil.
    public func text(_ name: String) -> String? {
        for case .text(let text) in self[name] { return text }
        return nil
    }

    /// The first bytes of this name, or nil.
    public func bytes(_ name: String) -> [UInt8]? {
        for case .binary(let bytes) in self[name] { return bytes }
        return nil
    }

    /// Whether there is no field.
    public var isEmpty: Bool { fields.isEmpty }

    static func isBinary(_ name: String) -> Bool { name.hasSuffix("-bin") }
}

extension Metadata: ExpressibleByDictionaryLiteral {
    /// Text fields, in the order of the literal.
    public init(dictionaryLiteral elements: (String, String)...) {
        self.init()
        for (name, text) in elements { append(name, text) }
    }
}
