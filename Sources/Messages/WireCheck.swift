/// A pass over a message's bytes before protobuf-c sees them, for what it does not check: UTF-8, U+0000 in texts
/// (its strings end there, and the length is lost), and how many fields there are, which bounds its memory. Where the
/// bytes do not fit a field's type it could only refuse the whole message; here the field gets named.
struct WireCheck {
    /// More fields than this are refused, sub-messages and single elements of unpacked columns included.
    static let maximumFields = 100_000
    /// Our messages nest four deep.
    static let maximumDepth = 8

    /// Fields seen so far.
    private(set) var fields = 0

    /// Checks a message of type `descriptor`, and its sub-messages.
    mutating func check(_ bytes: Span<UInt8>, _ descriptor: MessageDescriptor, depth: Int = 0)
        throws(MessageError)
    {
        var cursor = 0
        while cursor < bytes.count {
            let start = cursor
            fields += 1
            guard fields <= WireCheck.maximumFields else {
                throw .tooManyFields(message: descriptor.name, limit: WireCheck.maximumFields)
            }
            guard let tag = WireCheck.varint(bytes, &cursor), tag <= UInt32.max, tag >> 3 != 0,
                let content = WireCheck.content(bytes, &cursor, wireType: tag & 7)
            else { throw .malformed(message: descriptor.name, offset: start) }
            guard let field = descriptor.field(UInt32(tag >> 3)) else { continue }
            guard field.accepts(bytes.extracting(content), wireType: tag & 7) else {
                throw .malformedField(field: field.name)
            }
            if field.isText {
                try WireCheck.checkText(bytes.extracting(content), field)
            } else if let inner = field.message {
                guard depth < WireCheck.maximumDepth else {
                    throw .malformed(message: descriptor.name, offset: start)
                }
                do throws(MessageError) {
                    try check(bytes.extracting(content), inner, depth: depth + 1)
                } catch { throw error.within(field.name) }
            }
        }
    }

    private static func checkText(_ bytes: Span<UInt8>, _ field: MessageDescriptor.Field) throws(MessageError)
    {
        for index in bytes.indices where bytes[index] == 0 { throw .embeddedNUL(field: field.name) }
        do { _ = try UTF8Span(validating: bytes) } catch { throw .invalidUTF8(field: field.name) }
    }

    /// Steps over a field's content and returns where it is. Nil where the bytes end too early, and for groups,
    /// which proto3 does not have.
    private static func content(_ bytes: Span<UInt8>, _ cursor: inout Int, wireType: UInt64) -> Range<Int>? {
        let start = cursor
        switch wireType {
        case 0:
            guard varint(bytes, &cursor) != nil else { return nil }
            return start..<cursor
        case 1: return advance(&cursor, by: 8, within: bytes.count)
        case 2:
            guard let length = varint(bytes, &cursor), length <= UInt64(bytes.count - cursor) else {
                return nil
            }
            return advance(&cursor, by: Int(length), within: bytes.count)
        case 5: return advance(&cursor, by: 4, within: bytes.count)
        default: return nil
        }
    }

    private static func advance(_ cursor: inout Int, by count: Int, within total: Int) -> Range<Int>? {
        guard count <= total - cursor else { return nil }
        defer { cursor += count }
        return cursor..<(cursor + count)
    }

    /// A base-128 number of at most ten bytes.
    private static func varint(_ bytes: Span<UInt8>, _ cursor: inout Int) -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard cursor < bytes.count else { return nil }
            let byte = bytes[cursor]
            cursor += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return value }
        }
        return nil
    }
}
