/// Why bytes are not the message that they should be.
public enum MessageError: Error, Sendable, Equatable {
    /// Not protobuf. `offset` counts bytes within the message or sub-message where the trouble is.
    case malformed(message: String, offset: Int)
    /// A field whose bytes are not what its type in the message's definition says.
    case malformedField(field: String)
    /// A text field whose bytes are no UTF-8.
    case invalidUTF8(field: String)
    /// A text field with U+0000 in it.
    case embeddedNUL(field: String)
    /// A feature column with ids and strings at once.
    case idsAndStrings(field: String)
    /// More fields than any honest message has.
    case tooManyFields(message: String, limit: Int)
    /// The decoder wanted more memory than a message of this length can need.
    case tooLarge(message: String, limit: Int)
}

extension MessageError: CustomStringConvertible {
    /// One line that names the message or field.
    public var description: String {
        switch self {
        case .malformed(let message, let offset):
            "\(message): malformed protobuf at byte \(offset)"
        case .malformedField(let field):
            "\(field): malformed protobuf, the bytes do not fit the field's type"
        case .invalidUTF8(let field):
            "\(field): text is not UTF-8"
        case .embeddedNUL(let field):
            "\(field): text contains U+0000"
        case .idsAndStrings(let field):
            "\(field): has both ids and strings; a column has values of one kind"
        case .tooManyFields(let message, let limit):
            "\(message): more than \(limit) fields; send ids as packed columns"
        case .tooLarge(let message, let limit):
            "\(message): decoding needs more than \(limit) bytes"
        }
    }

    /// The same error, seen from the message that holds the faulty one in field `outer`.
    func within(_ outer: String) -> MessageError {
        switch self {
        case .malformedField(let field): .malformedField(field: "\(outer).\(field)")
        case .invalidUTF8(let field): .invalidUTF8(field: "\(outer).\(field)")
        case .embeddedNUL(let field): .embeddedNUL(field: "\(outer).\(field)")
        case .idsAndStrings(let field): .idsAndStrings(field: field.isEmpty ? outer : "\(outer).\(field)")
        case .malformed, .tooManyFields, .tooLarge: self
        }
    }
}
